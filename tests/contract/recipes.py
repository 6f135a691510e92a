"""How each row of the table is called."""

from typing import Any

from tests.contract import instance_things, own_things, post_things, things
from tests.contract.admin_recipes import ADMIN
from tests.contract.collection_recipes import COLLECTIONS
from tests.contract.own_things import (
    a_filter,
    a_list,
    conversation,
    group_key,
    notification,
    notification_request,
    old_filter,
    push_subscription,
)
from tests.contract.post_things import (
    bookmarked,
    boosted,
    edited_id,
    favourite,
    link,
    many_ids,
    my_status,
    pinned,
    poll,
    rich_status,
    scheduled,
    tag_of_scene,
    their_status,
)
from tests.contract.rare_recipes import RARE
from tests.contract.recipe import Recipe, at, mine, rows
from tests.contract.things import featured_tag, follower, friend, me, media, others, requester
from tests.contract.world import Scene
from tests.pictures import picture

ACCOUNTS = {
    "GET /api/v1/accounts": rows(post_things.posts, query={"id[]": others}),
    "POST /api/v1/accounts": Recipe(body=instance_things.newcomer),
    "POST /api/v1/emails/confirmations": Recipe(first=instance_things.unconfirmed_address),
    "GET /api/v1/emails/check_confirmation": Recipe(),
    "GET /api/v1/accounts/:id": at(id=friend),
    "GET /api/v1/accounts/:id/statuses": rows(post_things.i_post, path={"id": me}),
    "GET /api/v1/accounts/:id/followers": rows(things.follows_me, path={"id": me}),
    "GET /api/v1/accounts/:id/following": rows(things.followed_by_me, path={"id": me}),
    "GET /api/v1/accounts/:id/endorsements": rows(things.endorsed_by_me, path={"id": me}),
    "GET /api/v1/accounts/:id/featured_tags": rows(things.tag_featured, path={"id": me}),
    "GET /api/v1/accounts/:id/lists": rows(
        own_things.one_more_list_of_my_friend, path={"id": friend}, unknown=False
    ),
    "POST /api/v1/accounts/:id/email_subscriptions": Recipe(
        {"id": things.friend_by_mail}, body={"email": "reader@far.example"}
    ),
    "POST /api/v1/accounts/:id/follow": at(id=friend),
    "POST /api/v1/accounts/:id/unfollow": at(id=things.followed_friend),
    "POST /api/v1/accounts/:id/remove_from_followers": at(id=follower),
    "POST /api/v1/accounts/:id/block": at(id=friend),
    "POST /api/v1/accounts/:id/unblock": at(id=friend),
    "POST /api/v1/accounts/:id/mute": Recipe({"id": friend}, body={"duration": 600}),
    "POST /api/v1/accounts/:id/unmute": at(id=friend),
    "POST /api/v1/accounts/:id/note": Recipe({"id": friend}, body={"comment": "kind"}),
    "POST /api/v1/accounts/:id/pin": at(id=things.followed_friend),
    "POST /api/v1/accounts/:id/unpin": at(id=things.followed_friend),
    "POST /api/v1/accounts/:id/endorse": at(id=things.followed_friend),
    "POST /api/v1/accounts/:id/unendorse": at(id=things.followed_friend),
    "GET /api/v1/accounts/familiar_followers": rows(things.familiar, query={"id[]": friend}),
    "GET /api/v1/accounts/lookup": Recipe(query={"acct": things.friends_acct}),
    "GET /api/v1/accounts/relationships": rows(things.follows_me, query={"id[]": others}),
    "GET /api/v1/accounts/search": rows(things.follows_me, query={"q": "crowd"}),
    "PATCH /api/v1/accounts/update_credentials": Recipe(
        body={"display_name": "Me", "fields_attributes": [{"name": "site", "value": "here"}]}
    ),
    "GET /api/v1/accounts/verify_credentials": Recipe(),
    "GET /api/v1/blocks": rows(things.blocked_by_me),
    "GET /api/v1/mutes": rows(things.muted_by_me),
    "GET /api/v1/domain_blocks": rows(things.domain_blocked),
    "POST /api/v1/domain_blocks": Recipe(body={"domain": "far.example"}),
    "DELETE /api/v1/domain_blocks": Recipe(body={"domain": things.blocked_domain}),
    "GET /api/v1/endorsements": rows(things.endorsed_by_me),
    "GET /api/v1/featured_tags": rows(things.tag_featured),
    "POST /api/v1/featured_tags": Recipe(body={"name": "water"}),
    "DELETE /api/v1/featured_tags/:id": mine(id=featured_tag),
    "GET /api/v1/featured_tags/suggestions": Recipe(first=my_status),
    "GET /api/v1/follow_requests": rows(things.asks_me),
    "POST /api/v1/follow_requests/:account_id/authorize": at(account_id=requester),
    "POST /api/v1/follow_requests/:account_id/reject": at(account_id=requester),
    "GET /api/v1/followed_tags": rows(things.tag_followed),
    "GET /api/v1/preferences": Recipe(),
    "GET /api/v1/profile": Recipe(),
    "PATCH /api/v1/profile": Recipe(body={"display_name": "Me", "show_media": True}),
    "DELETE /api/v1/profile/avatar": Recipe(),
    "DELETE /api/v1/profile/header": Recipe(),
    "POST /api/v1/reports": Recipe(
        body={"account_id": friend, "status_ids": [their_status], "comment": "rude"}
    ),
    "GET /api/v1/suggestions": rows(things.followed_by_my_friend),
    "GET /api/v2/suggestions": rows(things.followed_by_my_friend),
}

STATUSES = {
    "GET /api/v1/statuses": rows(post_things.one_of_many, query={"id[]": many_ids}),
    "POST /api/v1/statuses": Recipe(body={"status": "water", "visibility": "unlisted"}),
    "GET /api/v1/statuses/:id": at(id=rich_status),
    "PUT /api/v1/statuses/:id": Recipe({"id": my_status}, body={"status": "anew"}, private=True),
    "DELETE /api/v1/statuses/:id": mine(id=my_status),
    "GET /api/v1/statuses/:id/context": rows(post_things.answers_me, path={"id": my_status}),
    "GET /api/v1_alpha/async_refreshes/:id": Recipe(path={"id": own_things.thread_refresh}),
    "GET /api/v1/statuses/:id/history": rows(post_things.edited_once_more, path={"id": edited_id}),
    "GET /api/v1/statuses/:id/source": at(id=my_status),
    "GET /api/v1/statuses/:id/favourited_by": rows(
        post_things.favourites_mine, path={"id": my_status}
    ),
    "GET /api/v1/statuses/:id/reblogged_by": rows(post_things.boosts_mine, path={"id": my_status}),
    "GET /api/v1/statuses/:id/quotes": rows(post_things.quotes_me, path={"id": my_status}),
    "POST /api/v1/statuses/:id/quotes/:quoting_status_id/revoke": Recipe(
        {"id": my_status, "quoting_status_id": post_things.quoting}
    ),
    "PUT /api/v1/statuses/:id/interaction_policy": Recipe(
        {"id": my_status}, body={"quote_approval_policy": "followers"}
    ),
    "POST /api/v1/statuses/:id/translate": Recipe(
        {"id": post_things.translatable}, body={"lang": "en"}
    ),
    "POST /api/v1/statuses/:id/favourite": at(id=their_status),
    "POST /api/v1/statuses/:id/unfavourite": at(id=favourite),
    "POST /api/v1/statuses/:id/reblog": at(id=their_status),
    "POST /api/v1/statuses/:id/unreblog": at(id=boosted),
    "POST /api/v1/statuses/:id/bookmark": at(id=their_status),
    "POST /api/v1/statuses/:id/unbookmark": at(id=bookmarked),
    "POST /api/v1/statuses/:id/pin": at(id=my_status),
    "POST /api/v1/statuses/:id/unpin": at(id=pinned),
    "POST /api/v1/statuses/:id/mute": at(id=my_status),
    "POST /api/v1/statuses/:id/unmute": at(id=my_status),
    "GET /api/v1/bookmarks": rows(post_things.bookmarked_by_me),
    "GET /api/v1/favourites": rows(post_things.favourited_by_me),
    "GET /api/v1/polls/:id": at(id=poll),
    "POST /api/v1/polls/:id/votes": Recipe({"id": poll}, body={"choices": [0]}),
    "GET /api/v1/scheduled_statuses": rows(post_things.one_more_scheduled),
    "GET /api/v1/scheduled_statuses/:id": mine(id=scheduled),
    "PUT /api/v1/scheduled_statuses/:id": Recipe(
        {"id": scheduled}, body={"scheduled_at": post_things.in_hours(5)}, private=True
    ),
    "DELETE /api/v1/scheduled_statuses/:id": mine(id=scheduled),
    "POST /api/v1/media": Recipe(upload=True),
    "POST /api/v2/media": Recipe(upload=True, status=(200, 202)),
    "GET /api/v1/media/:id": mine(id=media),
    "PUT /api/v1/media/:id": Recipe({"id": media}, body={"description": "tea"}, private=True),
    "DELETE /api/v1/media/:id": mine(id=media),
}

TIMELINES = {
    "GET /api/v1/timelines/home": rows(post_things.fills_my_home),
    "GET /api/v1/timelines/public": rows(post_things.posts),
    "GET /api/v1/timelines/tag/:hashtag": rows(
        post_things.posts_with_a_tag, path={"hashtag": tag_of_scene}, unknown=False
    ),
    "GET /api/v1/timelines/list/:list_id": rows(
        own_things.on_my_list, path={"list_id": a_list}, private=True
    ),
    "GET /api/v1/timelines/link": rows(post_things.posts_the_link, query={"url": link}),
    "GET /api/v1/tags/:name": Recipe({"name": tag_of_scene}, unknown=False),
    "POST /api/v1/tags/:name/follow": Recipe({"name": tag_of_scene}, unknown=False),
    "POST /api/v1/tags/:name/unfollow": Recipe({"name": tag_of_scene}, unknown=False),
    "POST /api/v1/tags/:name/feature": Recipe({"name": tag_of_scene}, unknown=False),
    "POST /api/v1/tags/:name/unfeature": Recipe({"name": tag_of_scene}, unknown=False),
    "GET /api/v1/trends/tags": rows(post_things.trending),
    "GET /api/v1/trends/statuses": rows(post_things.trending),
    "GET /api/v1/trends/links": rows(post_things.trending),
    "GET /api/v2/search": rows(things.follows_me, query={"q": "crowd"}),
    "GET /api/v1/markers": Recipe(query={"timeline[]": own_things.set_marker}),
    "POST /api/v1/markers": Recipe(body={"home": {"last_read_id": their_status}}),
    "GET /api/v1/conversations": rows(own_things.talks_to_me),
    "DELETE /api/v1/conversations/:id": mine(id=conversation),
    "POST /api/v1/conversations/:id/read": mine(id=conversation),
    "POST /api/v1/conversations/:id/unread": mine(id=conversation),
    "GET /api/v1/lists": rows(own_things.one_more_list),
    "POST /api/v1/lists": Recipe(body={"title": "close", "replies_policy": "none"}),
    "GET /api/v1/lists/:id": mine(id=a_list),
    "PUT /api/v1/lists/:id": Recipe({"id": a_list}, body={"title": "closer"}, private=True),
    "DELETE /api/v1/lists/:id": mine(id=a_list),
    "GET /api/v1/lists/:id/accounts": rows(
        own_things.on_my_list, path={"id": a_list}, private=True
    ),
    "POST /api/v1/lists/:id/accounts": Recipe(
        {"id": a_list}, body={"account_ids": [things.followed_friend]}, private=True
    ),
    "DELETE /api/v1/lists/:id/accounts": Recipe(
        {"id": own_things.friends_list}, body={"account_ids": [friend]}, private=True
    ),
}

NOTIFICATIONS = {
    "GET /api/v1/notifications": rows(own_things.mentions_me),
    "GET /api/v1/notifications/:id": mine(id=notification),
    "POST /api/v1/notifications/:id/dismiss": mine(id=notification),
    "POST /api/v1/notifications/clear": Recipe(first=notification),
    "GET /api/v1/notifications/unread_count": Recipe(first=notification),
    "GET /api/v1/notifications/requests": rows(own_things.asks_to_notify_me),
    "GET /api/v1/notifications/requests/:id": mine(id=notification_request),
    "POST /api/v1/notifications/requests/:id/accept": mine(id=notification_request),
    "POST /api/v1/notifications/requests/:id/dismiss": mine(id=notification_request),
    "POST /api/v1/notifications/requests/accept": Recipe(body={"id": [notification_request]}),
    "POST /api/v1/notifications/requests/dismiss": Recipe(body={"id": [notification_request]}),
    "GET /api/v1/notifications/requests/merged": Recipe(),
    "GET /api/v1/notifications/policy": Recipe(),
    "GET /api/v2/notifications": rows(own_things.mentions_me),
    "GET /api/v2/notifications/:group_key": Recipe({"group_key": group_key}, unknown=False),
    "GET /api/v2/notifications/:group_key/accounts": rows(
        post_things.favourites_mine, path={"group_key": group_key}, unknown=False
    ),
    "POST /api/v2/notifications/:group_key/dismiss": Recipe(
        {"group_key": group_key}, unknown=False
    ),
    "POST /api/v2/notifications/clear": Recipe(first=notification),
    "GET /api/v2/notifications/unread_count": Recipe(first=notification),
    "GET /api/v2/notifications/policy": Recipe(),
    "PATCH /api/v2/notifications/policy": Recipe(body={"for_not_following": "filter"}),
    "GET /api/v1/push/subscription": Recipe(by_caller=own_things.subscribe),
    "POST /api/v1/push/subscription": Recipe(
        body={"subscription": push_subscription, "data": {"alerts": {"mention": True}}}
    ),
    "PUT /api/v1/push/subscription": Recipe(
        by_caller=own_things.subscribe, body={"data": {"alerts": {"follow": True}, "policy": "all"}}
    ),
    "DELETE /api/v1/push/subscription": Recipe(by_caller=own_things.subscribe),
}

FILTERS = {
    "GET /api/v1/filters": rows(own_things.one_more_old_filter),
    "POST /api/v1/filters": Recipe(body={"phrase": "wet", "context": ["home"]}),
    "GET /api/v1/filters/:id": mine(id=old_filter),
    "PUT /api/v1/filters/:id": Recipe(
        {"id": old_filter}, body={"phrase": "dry", "context": ["home"]}, private=True
    ),
    "DELETE /api/v1/filters/:id": mine(id=old_filter),
    "GET /api/v2/filters": rows(own_things.one_more_filter),
    "POST /api/v2/filters": Recipe(
        body={"title": "wet", "context": ["home"], "keywords_attributes": [{"keyword": "wet"}]}
    ),
    "GET /api/v2/filters/:id": mine(id=a_filter),
    "PUT /api/v2/filters/:id": Recipe({"id": a_filter}, body={"title": "dry"}, private=True),
    "DELETE /api/v2/filters/:id": mine(id=a_filter),
    "GET /api/v2/filters/:filter_id/keywords": mine(filter_id=a_filter),
    "POST /api/v2/filters/:filter_id/keywords": Recipe(
        {"filter_id": a_filter}, body={"keyword": "dry"}, private=True
    ),
    "GET /api/v2/filters/keywords/:id": mine(id=own_things.filter_keyword),
    "PUT /api/v2/filters/keywords/:id": Recipe(
        {"id": own_things.filter_keyword}, body={"keyword": "dry"}, private=True
    ),
    "DELETE /api/v2/filters/keywords/:id": mine(id=own_things.filter_keyword),
    "GET /api/v2/filters/:filter_id/statuses": mine(filter_id=a_filter),
    "POST /api/v2/filters/:filter_id/statuses": Recipe(
        {"filter_id": a_filter}, body={"status_id": their_status}, private=True
    ),
    "GET /api/v2/filters/statuses/:id": mine(id=own_things.filter_status),
    "DELETE /api/v2/filters/statuses/:id": mine(id=own_things.filter_status),
}

INSTANCE = {
    "GET /api/v1/announcements": rows(instance_things.announced, rows=3),
    "GET /api/v1/custom_emojis": rows(instance_things.emoji_added, rows=3),
    "GET /api/v1/instance": Recipe(),
    "GET /api/v2/instance": Recipe(),
    "GET /api/v1/instance/rules": Recipe(),
    "GET /api/v1/instance/peers": Recipe(),
    "GET /api/v1/instance/activity": Recipe(),
    "GET /api/v1/instance/domain_blocks": Recipe(),
    # Without a text there is no time of it: Mastodon's null is not in its documentation.
    "GET /api/v1/instance/extended_description": Recipe(first=instance_things.description),
    "GET /api/v1/instance/languages": Recipe(),
    "GET /api/v1/directory": Recipe(),
    "POST /api/v1/apps": Recipe(body={"client_name": "Pilot", "redirect_uris": "pilot://done"}),
    "GET /.well-known/host-meta": Recipe(),
    "GET /.well-known/nodeinfo": Recipe(),
    "GET /.well-known/oauth-authorization-server": Recipe(),
    "GET /nodeinfo/2.0": Recipe(),
    "GET /oauth/authorize": Recipe(query=instance_things.authorization, status=(302,)),
    # Pages for a browser's session: who has none signs in first.
    "POST /oauth/authorize": Recipe(form=instance_things.authorization, status=(302,)),
    "DELETE /oauth/authorize": Recipe(query=instance_things.authorization, status=(302,)),
    "GET /oauth/authorize/native": Recipe(query={"code": "x"}, status=(302,)),
    "POST /oauth/token": Recipe(form=instance_things.token_request),
    "POST /oauth/revoke": Recipe(form=instance_things.revocation),
    "WS /api/v1/streaming": Recipe(),
}

RECIPES: dict[str, Recipe] = {
    **ACCOUNTS,
    **STATUSES,
    **TIMELINES,
    **NOTIFICATIONS,
    **FILTERS,
    **COLLECTIONS,
    **INSTANCE,
    **ADMIN,
    **RARE,
}


async def prepared(scene: Scene, recipe: Recipe) -> dict[str, Any]:
    """Everything of a call but who makes it: `path` parameters and httpx's keywords."""
    if recipe.first:
        await scene.thing(recipe.first)
    if recipe.each:
        await scene.fill(recipe.rows, recipe.each)
    call: dict[str, Any] = {"path": await _resolve(scene, recipe.path)}
    if recipe.query:
        call["params"] = await _resolve(scene, recipe.query)
    if recipe.body is not None:
        call["json"] = await _resolve(scene, recipe.body)
    if recipe.form is not None:
        call["data"] = await _resolve(scene, recipe.form)
    if recipe.upload:
        call["files"] = {"file": ("p.png", picture(), "image/png")}
    await scene.world.settle()
    return call


async def _resolve(scene: Scene, value: Any) -> Any:
    if callable(value):
        return await scene.thing(value)
    if isinstance(value, dict):
        return {key: await _resolve(scene, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [await _resolve(scene, inner) for inner in value]
    return value
