"""How the rows are called that few clients call."""

from tests.contract import instance_things, own_things, post_things, things
from tests.contract.collection_recipes import COLLECTIONS
from tests.contract.own_things import a_list, notification
from tests.contract.post_things import my_status
from tests.contract.recipe import Recipe, at, mine, rows
from tests.contract.things import friend, me

# What few call: libraries for the sake of completeness, clients of long ago, web apps of servers.
RARE = {
    "GET /api/v1/accounts/:id/identity_proofs": at(id=friend),
    "POST /api/v1/announcements/:id/dismiss": at(id=instance_things.announcement),
    "PUT /api/v1/announcements/:id/reactions/:name": Recipe(
        {"id": instance_things.announcement, "name": "👍"}, unknown=False
    ),
    "DELETE /api/v1/announcements/:id/reactions/:name": Recipe(
        {"id": instance_things.announcement_reacted_to, "name": "👍"}, unknown=False
    ),
    "GET /api/v1/annual_reports": Recipe(first=instance_things.annual_report),
    "GET /api/v1/annual_reports/:year": mine(year=instance_things.annual_report),
    "GET /api/v1/annual_reports/:year/state": at(year=instance_things.annual_report),
    "POST /api/v1/annual_reports/:year/read": mine(year=instance_things.annual_report),
    # A report is made in December alone; at other times nothing is done.
    "POST /api/v1/annual_reports/:year/generate": Recipe({"year": "2016"}),
    "GET /api/v1/apps/verify_credentials": Recipe(),
    "GET /api/v1/domain_blocks/preview": Recipe(query={"domain": "far.example"}),
    "GET /api/v1/donation_campaigns": Recipe(status=(204,)),
    "GET /api/v1/instance/privacy_policy": Recipe(),
    "GET /api/v1/instance/terms_of_service": Recipe(first=instance_things.terms_of_today),
    "GET /api/v1/instance/terms_of_service/:date": Recipe(
        {"date": instance_things.terms_of_today}, unknown=False
    ),
    "GET /api/v1/instance/translation_languages": Recipe(),
    "POST /api/v1/notifications/dismiss": Recipe(body={"id": notification}),
    "GET /api/v1/notifications/policy": Recipe(),
    "PATCH /api/v1/notifications/policy": Recipe(body={"filter_not_following": True}),
    "GET /api/v1/peers/search": Recipe(query={"q": instance_things.known_domain}),
    "GET /api/v1/search": rows(things.follows_me, query={"q": "crowd"}),
    "GET /api/v1/streaming": Recipe(status=(404,)),
    "GET /api/v1/streaming/health": Recipe(),
    "DELETE /api/v1/suggestions/:account_id": Recipe(
        {"account_id": instance_things.suggested}, unknown=False
    ),
    "GET /api/v1/timelines/direct": rows(own_things.talks_to_me),
    "GET /api/v1/trends": rows(post_things.trending),
    "GET /api/v1_alpha/accounts/:account_id/collections": rows(
        own_things.one_more_collection, path={"account_id": me}
    ),
    "POST /api/v1_alpha/collections": COLLECTIONS["POST /api/v1/collections"],
    "GET /api/v1_alpha/collections/:id": COLLECTIONS["GET /api/v1/collections/:id"],
    "PATCH /api/v1_alpha/collections/:id": COLLECTIONS["PATCH /api/v1/collections/:id"],
    "DELETE /api/v1_alpha/collections/:id": COLLECTIONS["DELETE /api/v1/collections/:id"],
    "POST /api/v1_alpha/collections/:collection_id/items": COLLECTIONS[
        "POST /api/v1/collections/:collection_id/items"
    ],
    "DELETE /api/v1_alpha/collections/:collection_id/items/:id": COLLECTIONS[
        "DELETE /api/v1/collections/:collection_id/items/:id"
    ],
    "GET /.well-known/webfinger": Recipe(query={"resource": instance_things.own_handle}),
    "GET /api/oembed": Recipe(query={"url": instance_things.my_address}),
    # With a session of Mastodon's own web app these do more; a client with a token gets this.
    "GET /api/web/embeds/:id": at(id=my_status),
    "POST /api/web/push_subscriptions": Recipe(status=(422,)),
    "PUT /api/web/push_subscriptions/:id": Recipe({"id": "1"}, status=(422,), unknown=False),
    "DELETE /api/web/push_subscriptions/:id": Recipe({"id": "1"}, status=(422,), unknown=False),
    "PUT /api/web/settings": Recipe(status=(422,)),
    "GET /health": Recipe(),
    "GET /oauth/userinfo": Recipe(),
    "POST /oauth/userinfo": Recipe(),
    **{
        f"GET /api/v1/streaming/{name}": Recipe(query=query)
        for name, query in {
            "user": {},
            "user/notification": {},
            "public": {},
            "public/local": {},
            "public/remote": {},
            "hashtag": {"tag": "water"},
            "hashtag/local": {"tag": "water"},
            "list": {"list": a_list},
            "direct": {},
        }.items()
    },
}
