"""The eight kinds of refusal that this instance gives; each outside has one table for them.

ServerError
├── Unauthorized   who are you?                      API 401
├── Forbidden      we know you, and no               API 403
├── NotFound       there is none, or not for you     API 404
├── Gone           there was one                     API 410
├── Invalid        the input cannot be taken         API 422 (400 when it could not be read)
├── Conflict       somebody was first                API 409
├── TooMany        later                             API 429
└── Unavailable    something that we need is away    API 503
"""


class ServerError(Exception):
    """Root: `message` is safe to show to whoever asked, `detail` is for the log alone."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class Unauthorized(ServerError):
    """No credentials, or credentials that do not hold."""

    def __init__(self, message: str = "The access token is invalid", detail: str = "") -> None:
        super().__init__(message, detail)


class Forbidden(ServerError):
    """Known, and not allowed."""

    def __init__(self, message: str = "This action is not allowed", detail: str = "") -> None:
        super().__init__(message, detail)


class NotFound(ServerError):
    """Unknown, or not visible to who asks: the two are told apart by nobody."""

    def __init__(self, message: str = "Record not found", detail: str = "") -> None:
        super().__init__(message, detail)


class Gone(ServerError):
    """It existed and was deleted."""


class Invalid(ServerError):
    """Input that cannot be taken.

    `fields` maps a field's name to pairs of (ERR_* code, description), as Mastodon's `details`;
    `unreadable` marks input that could not even be read (400 instead of 422).
    """

    def __init__(
        self,
        message: str,
        fields: dict[str, list[tuple[str, str]]] | None = None,
        *,
        unreadable: bool = False,
        detail: str = "",
    ) -> None:
        super().__init__(message, detail)
        self.fields = fields or {}
        self.unreadable = unreadable


class TooLarge(Invalid):
    """A body or an upload beyond the limit (413)."""


class Conflict(ServerError):
    """The write lost against another one."""


class TooMany(ServerError):
    """A rate limit; `retry_after_seconds` tells when to come back."""

    def __init__(self, message: str = "Too many requests", retry_after_seconds: int = 60) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(ServerError):
    """A remote instance, the database or the storage did not answer in time."""
