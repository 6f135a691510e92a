"""Accounts as one reader sees them."""

from collections.abc import Sequence

from server.store import collections
from server.store.account_views import load_account_views
from web.entities.account import Entity, account_entity
from web.request import Request


async def viewed_accounts(request: Request, ids: Sequence[int]) -> list[Entity]:
    """Those of the accounts that there are, in their order; with whether the viewer may put each
    into a collection, which may hang on who follows whom.
    """
    db, viewer_id = request.runtime.db, request.viewer_id
    views = await load_account_views(db, ids)
    shown = [account_entity(views[i], request.addresses) for i in ids if i in views]
    open_ones = {
        int(entity["id"]): entity["feature_approval"]
        for entity in shown
        if entity["feature_approval"]["current_user"] == "unknown"
    }
    if open_ones and viewer_id:
        found = await collections.feature_approvals(db, viewer_id, list(open_ones))
        for account_id, approval in found.items():
            open_ones[account_id]["current_user"] = approval
    return shown
