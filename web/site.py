"""Every address that is not the client API: OAuth, pages, discovery, ActivityPub, media."""

from starlette.responses import PlainTextResponse, Response

from web.activitypub import actors, discovery, emojis, inbox, stamps, statuses
from web.auth import OBJECT, PAGE, PUBLIC, user
from web.desk import block_lists
from web.oauth import authorize, metadata, token
from web.pages import (
    about,
    account,
    apps,
    interact,
    invites,
    leaving,
    mail,
    media,
    moving,
    own_past,
    passkeys,
    password,
    public,
    second_factor,
    security,
    settings,
    share,
    sign_in,
    sign_up,
    transfer,
)
from web.request import Request
from web.routing import Row


async def health(_: Request) -> Response:
    """Whether this process answers."""
    return PlainTextResponse("OK")


SITE: list[Row] = [
    Row("GET", "/health", health, PUBLIC),
    Row("GET", "/", public.home, PUBLIC),
    Row("GET", "/about", about.show, PUBLIC),
    Row("GET", "/privacy-policy", about.privacy_policy, PUBLIC),
    Row("GET", "/terms-of-service", about.terms_of_service, PUBLIC),
    Row("GET", "/terms-of-service/{date}", about.terms_of_service, PUBLIC),
    # joining
    Row("GET", "/auth/sign_up", sign_up.show, PUBLIC),
    Row("POST", "/auth/sign_up", sign_up.join, PUBLIC),
    Row("GET", "/invite/{code}", sign_up.show_invitation, PUBLIC),
    Row("GET", "/auth/setup", sign_up.show_setup, PUBLIC),
    Row("POST", "/auth/setup", sign_up.send_again, PUBLIC),
    Row("GET", "/auth/confirmation", sign_up.show_confirmation, PUBLIC),
    Row("POST", "/auth/confirmation", sign_up.confirm, PUBLIC),
    # signing in
    Row("GET", "/auth/sign_in", sign_in.show_sign_in, PUBLIC),
    Row("POST", "/auth/sign_in", sign_in.sign_in, PUBLIC),
    Row("GET", "/auth/second_factor", second_factor.show, PUBLIC),
    Row("POST", "/auth/second_factor", second_factor.check, PUBLIC),
    Row("POST", "/auth/passkey/options", passkeys.sign_in_options, PUBLIC),
    Row("POST", "/auth/passkey", passkeys.use, PUBLIC),
    Row("GET", "/auth/password/new", password.show_forgotten, PUBLIC),
    Row("POST", "/auth/password/new", password.send_link, PUBLIC),
    Row("GET", "/auth/password/edit", password.show_new, PUBLIC),
    Row("POST", "/auth/password/edit", password.choose, PUBLIC),
    Row("POST", "/auth/sign_out", sign_in.sign_out, PUBLIC),
    Row("GET", "/auth/first_owner", sign_in.show_first_owner, PUBLIC),
    Row("POST", "/auth/first_owner", sign_in.make_first_owner, PUBLIC),
    Row("GET", "/oauth/authorize", authorize.ask, PUBLIC),
    Row("POST", "/oauth/authorize", authorize.answer, PUBLIC),
    Row("DELETE", "/oauth/authorize", authorize.deny, PUBLIC),
    Row("GET", "/oauth/authorize/native", authorize.show_code, PUBLIC),
    Row("POST", "/oauth/token", token.create, PUBLIC),
    Row("POST", "/oauth/revoke", token.revoke, PUBLIC),
    Row("GET", "/oauth/userinfo", token.userinfo, user("profile", "read:accounts")),
    Row("POST", "/oauth/userinfo", token.userinfo, user("profile", "read:accounts")),
    Row("GET", "/.well-known/oauth-authorization-server", metadata.show, PUBLIC),
    # settings
    Row("GET", "/settings", settings.show_first, PUBLIC),
    Row("GET", account.PATH, account.show, PUBLIC),
    Row("POST", "/settings/account/email", account.change_email, PUBLIC),
    Row("POST", "/settings/account/password", account.change_password, PUBLIC),
    Row("GET", security.PATH, security.show, PUBLIC),
    Row("GET", "/settings/security/app", security.show_totp, PUBLIC),
    Row("POST", "/settings/security/app", security.enable_totp, PUBLIC),
    Row("POST", "/settings/security/app/remove", security.disable_totp, PUBLIC),
    Row("POST", "/settings/security/codes", security.renew_codes, PUBLIC),
    Row("POST", "/settings/security/passkeys/options", passkeys.new_options, PUBLIC),
    Row("POST", "/settings/security/passkeys", passkeys.add, PUBLIC),
    Row("POST", "/settings/security/passkeys/{id}/remove", security.remove_passkey, PUBLIC),
    Row("POST", "/settings/security/sessions/{id}/end", security.end_session, PUBLIC),
    Row("GET", apps.PATH, apps.show, PUBLIC),
    Row("POST", "/settings/apps/{id}/revoke", apps.revoke, PUBLIC),
    Row("GET", invites.PATH, invites.show, PUBLIC),
    Row("POST", invites.PATH, invites.create, PUBLIC),
    Row("POST", "/settings/invites/{id}/end", invites.end, PUBLIC),
    # mails
    Row("GET", mail.SETTINGS_PATH, mail.show_settings, PUBLIC),
    Row("POST", mail.SETTINGS_PATH, mail.save_settings, PUBLIC),
    Row("GET", "/mail/unsubscribe", mail.show_unsubscribe, PUBLIC),
    Row("POST", "/mail/unsubscribe", mail.unsubscribe, PUBLIC),
    # looking after one's own past
    Row("GET", "/settings/automatic-deletion", own_past.show_deletion, PUBLIC),
    Row("POST", "/settings/automatic-deletion", own_past.save_deletion, PUBLIC),
    Row("GET", "/severed_relationships", own_past.show_severed, PUBLIC),
    Row("GET", "/severed_relationships/{id}/following.csv", own_past.severed_following, PUBLIC),
    Row("GET", "/severed_relationships/{id}/followers.csv", own_past.severed_followers, PUBLIC),
    # between servers
    Row("GET", interact.PATH, interact.ask_visitor, PAGE),
    Row("POST", interact.PATH, interact.send_visitor, PAGE),
    Row("GET", "/authorize_interaction", interact.show, PUBLIC),
    Row("POST", "/authorize_interaction", interact.act, PUBLIC),
    Row("GET", "/share", share.show, PUBLIC),
    Row("POST", "/share", share.publish, PUBLIC),
    # moderators
    Row("GET", block_lists.PATH, block_lists.show, PUBLIC),
    Row("POST", block_lists.PATH, block_lists.change, PUBLIC),
    # bringing and taking along
    Row("GET", transfer.EXPORT, transfer.show_export, PUBLIC),
    Row("POST", transfer.EXPORT, transfer.request_archive, PUBLIC),
    Row("GET", f"{transfer.EXPORT}/archives/{{id}}", transfer.show_archive, PUBLIC),
    Row("GET", "/settings/exports/{name}", transfer.show_table, PUBLIC),
    Row("GET", transfer.IMPORT, transfer.show_imports, PUBLIC),
    Row("POST", transfer.IMPORT, transfer.upload, PUBLIC),
    Row("GET", f"{transfer.IMPORT}/{{id}}", transfer.show_import, PUBLIC),
    Row("POST", f"{transfer.IMPORT}/{{id}}/confirm", transfer.confirm, PUBLIC),
    Row("POST", f"{transfer.IMPORT}/{{id}}/cancel", transfer.cancel, PUBLIC),
    Row("GET", f"{transfer.IMPORT}/{{id}}/failures.csv", transfer.failures, PUBLIC),
    # moving and leaving
    Row("GET", moving.MIGRATION, moving.show_migration, PUBLIC),
    Row("POST", moving.MIGRATION, moving.migrate, PUBLIC),
    Row("POST", f"{moving.MIGRATION}/cancel", moving.stay, PUBLIC),
    Row("GET", moving.ALIASES, moving.show_aliases, PUBLIC),
    Row("POST", moving.ALIASES, moving.change_aliases, PUBLIC),
    Row("GET", leaving.PATH, leaving.show, PUBLIC),
    Row("POST", leaving.PATH, leaving.leave, PUBLIC),
    Row("GET", f"{leaving.PATH}/done", leaving.show_done, PUBLIC),
    # discovery
    Row("GET", "/.well-known/webfinger", discovery.show_webfinger, PUBLIC),
    Row("GET", "/.well-known/host-meta", discovery.show_host_meta, PUBLIC),
    Row("GET", "/.well-known/host-meta.json", discovery.show_host_meta, PUBLIC),
    Row("GET", "/.well-known/nodeinfo", discovery.show_nodeinfo_links, PUBLIC),
    Row("GET", "/nodeinfo/{version}", discovery.show_nodeinfo, PUBLIC),
    # ActivityPub
    Row("POST", "/ap/inbox", inbox.receive, PUBLIC),
    Row("GET", "/ap/users/{id}", actors.show, OBJECT),
    Row("POST", "/ap/users/{id}/inbox", inbox.receive, PUBLIC),
    Row("GET", "/ap/users/{id}/outbox", actors.outbox, OBJECT),
    Row("GET", "/ap/users/{id}/followers", actors.followers, OBJECT),
    Row("GET", "/ap/users/{id}/followers_synchronization", actors.followers_part, OBJECT),
    Row("GET", "/ap/users/{id}/following", actors.following, OBJECT),
    Row("GET", "/ap/users/{id}/featured", actors.featured, OBJECT),
    Row("GET", "/ap/users/{id}/tags", actors.tags, OBJECT),
    Row("GET", "/ap/emojis/{shortcode}", emojis.show, PUBLIC),
    Row("GET", "/ap/statuses/{id}", statuses.show, OBJECT),
    Row("GET", "/ap/statuses/{id}/activity", statuses.activity, OBJECT),
    Row("GET", "/ap/statuses/{id}/{name}", statuses.collection, OBJECT),
    Row("GET", "/ap/authorizations/{id}", stamps.show, OBJECT),
    Row("GET", "/ap/contexts/{id}", statuses.context, OBJECT),
    Row("GET", "/ap/quote_authorizations/{id}", stamps.show_quote, OBJECT),
    # pages and files
    Row("GET", "/media/{name:path}", media.show, PUBLIC),
    Row("GET", "/media_proxy/{key}", media.show_remote, PUBLIC),
    Row("GET", "/tags/{name}", public.tag, PAGE),
    Row("GET", "/@{username}", public.profile, PAGE),
    Row("GET", "/@{username}/{id}", public.post, PAGE),
    Row("GET", "/@{username}/{id}/embed", public.embed, PAGE),
]
