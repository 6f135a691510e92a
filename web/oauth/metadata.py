"""What clients ask before they sign in (RFC 8414)."""

from starlette.responses import Response

from server.identity.scopes import SCOPES
from web.pagination import json_response
from web.request import Request


async def show(request: Request) -> Response:
    """The authorisation server's own description, with Mastodon's fields."""
    origin = request.addresses.origin
    return json_response(
        {
            "issuer": f"{origin}/",
            "service_documentation": "https://docs.joinmastodon.org/",
            "authorization_endpoint": f"{origin}/oauth/authorize",
            "token_endpoint": f"{origin}/oauth/token",
            "userinfo_endpoint": f"{origin}/oauth/userinfo",
            "revocation_endpoint": f"{origin}/oauth/revoke",
            "app_registration_endpoint": f"{origin}/api/v1/apps",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }
    )
