"""The request that every endpoint gets: Starlette's, with what this instance adds to it."""

import ipaddress

from starlette.requests import Request as StarletteRequest

from server import errors
from server.addresses import Addresses
from server.runtime import Runtime
from server.store.tokens import Token

# In a query or a body they may stand for the header; links of pages never repeat them.
TOKEN_PARAMETERS = ("access_token", "bearer_token")


class Request(StarletteRequest):
    """`token` is set by the routing before the endpoint runs, for all who look at this request."""

    @property
    def token(self) -> Token | None:
        """The one that it was let in with."""
        token: Token | None = self.scope.get("token")
        return token

    @token.setter
    def token(self, token: Token | None) -> None:
        self.scope["token"] = token

    @property
    def runtime(self) -> Runtime:
        """Open resources of this process."""
        runtime: Runtime = self.app.state.runtime
        return runtime

    @property
    def addresses(self) -> Addresses:
        """Where our own things stand."""
        return self.runtime.addresses

    @property
    def viewer_id(self) -> int | None:
        """Id of the account that asks; None for a stranger or an app's own token."""
        return self.token.account_id if self.token else None

    @property
    def member_id(self) -> int:
        """Id of the member that asks. Raises Unauthorized (Mastodon's text) without one."""
        if self.viewer_id is None:
            raise errors.Unauthorized("This API requires an authenticated user")
        return self.viewer_id

    @property
    def ip(self) -> str:
        """Address of who asks; "" for none (a socket) and for what a proxy says that is none."""
        host = self.client.host if self.client else ""
        try:
            return str(ipaddress.ip_address(host))
        except ValueError:
            return ""

    def path_id(self, name: str = "id") -> int:
        """A numeric id in the path. Raises NotFound for anything else."""
        text: str = self.path_params[name]
        # Its length first: Python refuses to parse thousands of digits.
        if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) >= 2**63:
            raise errors.NotFound
        return int(text)
