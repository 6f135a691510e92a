"""What clients send about statuses.

https://docs.joinmastodon.org/methods/statuses/#create
"""

import msgspec
from starlette.datastructures import UploadFile

from server.actions.drafts import Draft, PollDraft
from server.actions.edit_post import MediaChange
from server.errors import Invalid
from server.store.statuses import Policy
from web.entities.status import POLICY_NAMES


class MediaAttributes(msgspec.Struct):
    """What changes of an attachment."""

    id: int = 0
    description: str | None = None
    focus: str | None = None
    thumbnail: UploadFile | None = None


class PollForm(msgspec.Struct):
    """A question's choices; `expires_in` in seconds."""

    options: list[str] = []
    expires_in: int = 0
    multiple: bool = False
    hide_totals: bool = False


class CirclesForm(msgspec.Struct):
    """Who may do something, at once and on request; each by its present and its former name."""

    automatic_approval: list[str] = []
    always: list[str] = []
    manual_approval: list[str] = []
    with_approval: list[str] = []


class InteractionForm(msgspec.Struct):
    """Who may do what, in the shape of GoToSocial."""

    can_favourite: CirclesForm | None = None
    can_reply: CirclesForm | None = None
    can_reblog: CirclesForm | None = None


class StatusForm(msgspec.Struct):
    """Parameters of a new or edited status."""

    status: str = ""
    media_ids: list[int] = []
    media_attributes: list[MediaAttributes] = []
    in_reply_to_id: int | None = None
    sensitive: bool | None = None
    spoiler_text: str = ""
    visibility: str | None = None
    language: str | None = None
    content_type: str | None = None
    scheduled_at: str | None = None
    draft: bool = False
    poll: PollForm | None = None
    quoted_status_id: int | None = None
    quote_id: int | None = None
    quote_approval_policy: str | None = None
    interaction_policy: InteractionForm | None = None
    local_only: bool | None = None
    allowed_mentions: list[int] | None = None


class BoostForm(msgspec.Struct):
    """For whom a boost is."""

    visibility: str | None = None


class DeleteForm(msgspec.Struct):
    """Whether the attachments go as well, instead of waiting a day for a new draft."""

    delete_media: bool = False


def read_draft(form: StatusForm) -> Draft:
    """What is to be posted. Raises Invalid."""
    return Draft(
        text=form.status,
        spoiler_text=form.spoiler_text,
        visibility=form.visibility or None,
        sensitive=form.sensitive,
        language=form.language,
        in_reply_to_id=form.in_reply_to_id,
        media_ids=form.media_ids,
        content_type=form.content_type or None,
        poll=_poll(form.poll),
        quoted_id=form.quote_id if form.quoted_status_id is None else form.quoted_status_id,
        quote_policy=form.quote_approval_policy or None,
        interaction_policy=_policy(form.interaction_policy),
        local_only=form.local_only,
        allowed_mentions=form.allowed_mentions,
    )


async def read_changes(form: StatusForm) -> list[MediaChange]:
    """What an edit changes of the attachments. Raises Invalid."""
    return [
        MediaChange(
            m.id,
            m.description,
            read_focus(m.focus),
            await m.thumbnail.read() if m.thumbnail else None,
        )
        for m in form.media_attributes
    ]


def read_focus(text: str | None) -> tuple[float, float] | None:
    """`x,y` between -1 and 1. Raises Invalid for anything else."""
    if not text:
        return None
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid("Validation failed: Focus is invalid") from error
    if not (-1 <= x <= 1 and -1 <= y <= 1):
        raise Invalid("Validation failed: Focus is invalid")
    return x, y


def _poll(form: PollForm | None) -> PollDraft | None:
    if form is None or not any(form.options):
        return None
    return PollDraft(form.options, form.expires_in, form.multiple, form.hide_totals)


def _policy(form: InteractionForm | None) -> Policy:
    """What is free to everybody is left out. Raises Invalid."""
    policy: Policy = {}
    for name, kind in POLICY_NAMES.items():
        circles: CirclesForm | None = getattr(form, name, None)
        if circles is None:
            continue
        automatic = _circles(circles.automatic_approval or circles.always)
        manual = _circles(circles.manual_approval or circles.with_approval)
        if "public" not in automatic:
            policy[kind] = {"automatic": automatic, "manual": manual}
    return policy


def _circles(names: list[str]) -> list[str]:
    """The author, and whom the post names, need not be said. Raises Invalid."""
    circles = set(names) - {"author", "me", "mentioned"}
    if circles - {"public", "followers", "following"}:
        raise Invalid("Validation failed: Interaction policy names unknown circles")
    return sorted(circles)
