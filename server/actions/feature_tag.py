"""A member shows a hashtag on the own profile."""

from federation.documents.tag import fold_hashtag
from server.errors import Invalid
from server.outbox import pins as outbox
from server.runtime import Runtime
from server.store import accounts, featured_tags
from server.store.featured_tags import MOST_FEATURED, FeaturedTag
from server.text.compose import hashtags_in


async def feature_tag(runtime: Runtime, account_id: int, name: str) -> FeaturedTag:
    """Show a tag; one that is shown already stays as it is. Raises Invalid."""
    if hashtags_in(f"#{name}") != [name]:
        raise Invalid("Validation failed: Tag name is invalid")
    async with runtime.transaction() as tx:
        shown = await featured_tags.list_featured(tx.db, account_id)
        found = next((tag for tag in shown if fold_hashtag(tag.name) == fold_hashtag(name)), None)
        if found:
            return found
        if len(shown) >= MOST_FEATURED:
            raise Invalid(
                "Validation failed: You have already featured the maximum number of hashtags"
            )
        made = await featured_tags.insert_featured(tx.db, account_id, name)
        account = await accounts.get_account(tx.db, account_id)
        await outbox.send_add_hashtag(tx, account, made.name)
    return made


async def unfeature_tag(runtime: Runtime, account_id: int, name: str) -> None:
    """Show a tag no longer; nothing happens when it is not shown."""
    async with runtime.transaction() as tx:
        if await featured_tags.delete_by_name(tx.db, account_id, name):
            account = await accounts.get_account(tx.db, account_id)
            await outbox.send_remove_hashtag(tx, account, name)
