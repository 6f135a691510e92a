"""A member shows accounts to others under a name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.errors import Forbidden, Invalid, NotFound
from server.fanout.notifications import notify
from server.outbox import collections as outbox
from server.runtime import Runtime
from server.store import accounts, collections, remote_collections
from server.store.collections import MOST_COLLECTIONS, MOST_ITEMS, Collection, Item
from server.text.language import normal_language

_LONGEST_NAME = 40
_LONGEST_DESCRIPTION = 100


@dataclass(frozen=True, slots=True)
class CollectionChange:
    """What a collection shall be; None leaves it, an empty tag takes it away."""

    name: str | None = None
    description: str | None = None
    language: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    tag: str | None = None


async def create_collection(
    runtime: Runtime, account_id: int, change: CollectionChange, account_ids: Sequence[int]
) -> Collection:
    """A new collection with those accounts. Raises Invalid, Forbidden (somebody is unwilling)."""
    _check(change, is_new=True)
    if await collections.count_collections(runtime.db, account_id) >= MOST_COLLECTIONS:
        raise Invalid(f"Validation failed: At most {MOST_COLLECTIONS} collections are possible")
    await _check_new(runtime, account_id, list(dict.fromkeys(account_ids)))
    async with runtime.transaction() as tx:
        collection_id = await collections.insert_collection(tx.db, account_id, change.name or "")
        made = await collections.get_collection(tx.db, collection_id, account_id)
        await collections.update_collection(tx.db, _changed(made, change))
        made = await collections.get_collection(tx.db, collection_id, account_id)
        await outbox.send_add(tx, made)
    if account_ids:
        await add_items(runtime, account_id, collection_id, account_ids)
    return await collections.get_collection(runtime.db, collection_id, account_id)


async def change_collection(
    runtime: Runtime, account_id: int, collection_id: int, change: CollectionChange
) -> Collection:
    """Change one of the member's own; who stands in it is told. Raises NotFound, Invalid."""
    _check(change, is_new=False)
    kept = await get_own(runtime, account_id, collection_id)
    async with runtime.transaction() as tx:
        await collections.update_collection(tx.db, _changed(kept, change))
        members = [item.account_id for item in kept.items]
        await notify(tx, "collection_update", members, account_id, collection_id=kept.id)
        changed = await collections.get_collection(tx.db, collection_id, account_id)
        await outbox.send_update(tx, changed, was_shown=kept.discoverable)
    return changed


async def delete_collection(runtime: Runtime, account_id: int, collection_id: int) -> None:
    """Delete one of the member's own. Raises NotFound, Forbidden."""
    kept = await get_own(runtime, account_id, collection_id)
    async with runtime.transaction() as tx:
        await outbox.send_remove(tx, kept)
        await collections.delete_collection(tx.db, kept.id)


async def add_items(
    runtime: Runtime, account_id: int, collection_id: int, account_ids: Sequence[int]
) -> Collection:
    """Put accounts in; people elsewhere are asked. Raises NotFound, Forbidden (somebody is
    unwilling), Invalid (too many).
    """
    kept = await get_own(runtime, account_id, collection_id)
    there = {item.account_id for item in kept.items}
    new = [target for target in dict.fromkeys(account_ids) if target not in there]
    await _check_new(runtime, account_id, new, len(there))
    async with runtime.transaction() as tx:
        await collections.insert_items(tx.db, collection_id, new)
        await notify(tx, "added_to_collection", new, account_id, collection_id=kept.id)
        changed = await collections.get_collection(tx.db, collection_id, account_id)
        for item in changed.items:
            if item.account_id in new:
                is_asked = item.state == "pending"
                await (outbox.send_request if is_asked else outbox.send_add_item)(tx, changed, item)
    return changed


async def remove_item(runtime: Runtime, account_id: int, collection_id: int, item_id: int) -> None:
    """The owner takes an account out. Raises NotFound."""
    kept = await get_own(runtime, account_id, collection_id)
    await _take_out(runtime, kept, _item(kept, item_id))


async def revoke_item(runtime: Runtime, account_id: int, collection_id: int, item_id: int) -> None:
    """Who stands in a collection leaves it. Raises NotFound, Forbidden for somebody else."""
    kept = await collections.get_collection(runtime.db, collection_id, account_id)
    item = _item(kept, item_id)
    if item.account_id != account_id:
        raise Forbidden
    if kept.uri is None:
        await _take_out(runtime, kept, item)
        return
    async with runtime.transaction() as tx:
        member = await accounts.get_account(tx.db, account_id)
        owner = await accounts.get_account(tx.db, kept.account_id)
        await remote_collections.revoke_item(tx.db, kept.id, item.id)
        await outbox.send_revocation(tx, member, owner, item.id, kept.uri)


async def get_own(runtime: Runtime, account_id: int, collection_id: int) -> Collection:
    """One of the member's own. Raises NotFound, Forbidden for somebody else's."""
    kept = await collections.get_collection(runtime.db, collection_id, account_id)
    if kept.account_id != account_id:
        raise Forbidden
    return kept


async def _check_new(runtime: Runtime, account_id: int, new: Sequence[int], there: int = 0) -> None:
    """Whether they can be put where so many stand already. Raises Forbidden, Invalid."""
    if there + len(new) > MOST_ITEMS:
        raise Invalid(f"Validation failed: A collection holds at most {MOST_ITEMS} accounts")
    if await collections.list_unwilling(runtime.db, account_id, new):
        raise Forbidden


def _item(kept: Collection, item_id: int) -> Item:
    for item in kept.items:
        if item.id == item_id:
            return item
    raise NotFound


async def _take_out(runtime: Runtime, kept: Collection, item: Item) -> None:
    async with runtime.transaction() as tx:
        if item.state == "accepted":
            await outbox.send_remove_item(tx, kept, item)
        await collections.delete_item(tx.db, kept.id, item.id)


def _changed(kept: Collection, change: CollectionChange) -> Collection:
    return replace(
        kept,
        name=kept.name if change.name is None else change.name.strip(),
        description=kept.description if change.description is None else change.description,
        language=kept.language if change.language is None else normal_language(change.language),
        sensitive=kept.sensitive if change.sensitive is None else change.sensitive,
        discoverable=kept.discoverable if change.discoverable is None else change.discoverable,
        tag=kept.tag if change.tag is None else change.tag.strip().lstrip("#") or None,
    )


def _check(change: CollectionChange, *, is_new: bool) -> None:
    if (is_new or change.name is not None) and not (change.name or "").strip():
        raise Invalid("Validation failed: Name can't be blank", _field("name", "ERR_BLANK"))
    if change.name and len(change.name) > _LONGEST_NAME:
        raise Invalid(
            f"Validation failed: Name is too long (maximum is {_LONGEST_NAME} characters)",
            _field("name", "ERR_TOO_LONG"),
        )
    if change.description and len(change.description) > _LONGEST_DESCRIPTION:
        raise Invalid(
            "Validation failed: Description is too long"
            f" (maximum is {_LONGEST_DESCRIPTION} characters)",
            _field("description", "ERR_TOO_LONG"),
        )
    if change.tag and len(change.tag) > 100:
        raise Invalid("Validation failed: Tag is invalid", _field("tag", "ERR_INVALID"))


def _field(name: str, code: str) -> dict[str, list[tuple[str, str]]]:
    texts = {"ERR_BLANK": "can't be blank", "ERR_TOO_LONG": "is too long"}
    return {name: [(code, texts.get(code, "is invalid"))]}
