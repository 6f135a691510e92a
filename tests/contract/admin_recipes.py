"""How each row of the Admin API is called."""

from tests.contract import admin_things as things
from tests.contract.recipe import Recipe, at, rows
from tests.contract.things import friend

_ACCOUNTS = "/api/v1/admin/accounts"

ADMIN = {
    f"GET {_ACCOUNTS}": rows(things.is_there),
    "GET /api/v2/admin/accounts": rows(things.is_there, query={"origin": "local"}),
    f"GET {_ACCOUNTS}/:id": at(id=friend),
    f"DELETE {_ACCOUNTS}/:id": at(id=things.suspended),
    f"POST {_ACCOUNTS}/:id/action": Recipe({"id": friend}, body={"type": "silence"}),
    f"POST {_ACCOUNTS}/:id/approve": at(id=things.newcomer_id),
    f"POST {_ACCOUNTS}/:id/reject": at(id=things.newcomer_id),
    f"POST {_ACCOUNTS}/:id/enable": at(id=things.frozen),
    f"POST {_ACCOUNTS}/:id/unsensitive": at(id=things.sensitized),
    f"POST {_ACCOUNTS}/:id/unsilence": at(id=things.silenced),
    f"POST {_ACCOUNTS}/:id/unsuspend": at(id=things.suspended),
    "GET /api/v1/admin/reports": rows(things.reported),
    "GET /api/v1/admin/reports/:id": at(id=things.report),
    "PUT /api/v1/admin/reports/:id": Recipe({"id": things.report}, body={"category": "spam"}),
    "POST /api/v1/admin/reports/:id/assign_to_self": at(id=things.report),
    "POST /api/v1/admin/reports/:id/unassign": at(id=things.report),
    "POST /api/v1/admin/reports/:id/resolve": at(id=things.report),
    "POST /api/v1/admin/reports/:id/reopen": at(id=things.resolved_report),
    "GET /api/v1/admin/domain_blocks": rows(things.domain_block_of),
    "POST /api/v1/admin/domain_blocks": Recipe(
        body={"domain": things.my_domain, "severity": "suspend"}
    ),
    "GET /api/v1/admin/domain_blocks/:id": at(id=things.domain_block),
    "PUT /api/v1/admin/domain_blocks/:id": Recipe(
        {"id": things.domain_block}, body={"severity": "noop"}
    ),
    "DELETE /api/v1/admin/domain_blocks/:id": at(id=things.domain_block),
    "GET /api/v1/admin/domain_allows": rows(things.domain_allow_of),
    "POST /api/v1/admin/domain_allows": Recipe(body={"domain": things.my_domain}),
    "GET /api/v1/admin/domain_allows/:id": at(id=things.domain_allow),
    "DELETE /api/v1/admin/domain_allows/:id": at(id=things.domain_allow),
    "GET /api/v1/admin/ip_blocks": rows(things.ip_block_of),
    "POST /api/v1/admin/ip_blocks": Recipe(
        body={"ip": things.my_network, "severity": "no_access", "expires_in": 3600}
    ),
    "GET /api/v1/admin/ip_blocks/:id": at(id=things.ip_block),
    "PUT /api/v1/admin/ip_blocks/:id": Recipe({"id": things.ip_block}, body={"comment": "spam"}),
    "DELETE /api/v1/admin/ip_blocks/:id": at(id=things.ip_block),
    "GET /api/v1/admin/email_domain_blocks": rows(things.email_domain_block_of),
    "POST /api/v1/admin/email_domain_blocks": Recipe(body={"domain": things.my_domain}),
    "GET /api/v1/admin/email_domain_blocks/:id": at(id=things.email_domain_block),
    "DELETE /api/v1/admin/email_domain_blocks/:id": at(id=things.email_domain_block),
    "GET /api/v1/admin/canonical_email_blocks": rows(things.email_block_of),
    "POST /api/v1/admin/canonical_email_blocks": Recipe(body={"email": "a@bad.example"}),
    "POST /api/v1/admin/canonical_email_blocks/test": Recipe(body={"email": things.blocked_email}),
    "GET /api/v1/admin/canonical_email_blocks/:id": at(id=things.email_block),
    "DELETE /api/v1/admin/canonical_email_blocks/:id": at(id=things.email_block),
    "GET /api/v1/admin/trends/tags": Recipe(first=things.something_trends),
    "POST /api/v1/admin/trends/tags/:id/approve": at(id=things.trending_tag),
    "POST /api/v1/admin/trends/tags/:id/reject": at(id=things.trending_tag),
    "GET /api/v1/admin/trends/statuses": Recipe(first=things.something_trends),
    "POST /api/v1/admin/trends/statuses/:id/approve": at(id=things.trending_status),
    "POST /api/v1/admin/trends/statuses/:id/reject": at(id=things.trending_status),
    "GET /api/v1/admin/trends/links": Recipe(first=things.something_trends),
    "POST /api/v1/admin/trends/links/:id/approve": at(id=things.trending_link),
    "POST /api/v1/admin/trends/links/:id/reject": at(id=things.trending_link),
    "GET /api/v1/admin/trends/links/publishers": rows(things.publisher_of),
    "POST /api/v1/admin/trends/links/publishers/:id/approve": at(id=things.publisher),
    "POST /api/v1/admin/trends/links/publishers/:id/reject": at(id=things.publisher),
    "GET /api/v1/admin/tags": rows(things.tag_of),
    "GET /api/v1/admin/tags/:id": at(id=things.tag),
    "PUT /api/v1/admin/tags/:id": Recipe({"id": things.tag}, body={"listable": False}),
    "POST /api/v1/admin/measures": Recipe(body=things.measured),
    "POST /api/v1/admin/dimensions": Recipe(body=things.dimensioned),
    "POST /api/v1/admin/retention": Recipe(body={**things.DAYS, "frequency": "day"}),
}
