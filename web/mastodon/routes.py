"""Every address of the Mastodon client API, its function and who may call it."""

from web.routing import Row

ROUTES: list[Row] = []
