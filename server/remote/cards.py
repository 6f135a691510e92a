"""Cards of links: found in a post, asked for once, shown by every post that has the link.

Two jobs: `find_card` looks which link a post has, `fetch_card` asks for its page unless that was
done lately, and tells the readers of all posts that wait for it.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from federation.errors import RemoteError
from federation.origins import origin_of
from federation.transport.budget import registrable
from federation.transport.fetch import fetch, fetch_page
from server import events
from server.errors import Invalid, Unavailable
from server.media import images
from server.media.storage import new_name
from server.remote.embeds import Embed, fetch_embed
from server.remote.resolve import resolve_handles
from server.runtime import Runtime
from server.search import index
from server.store import cards
from server.store.cards import Attempt, Found
from server.text.compose import handles_in
from server.text.links import card_address, first_link
from server.text.page import PageDetails, decode_page, read_page
from server.text.sanitize import clean_line

_FRESH = timedelta(days=14)
_FAILED = timedelta(days=1)
_MOST_PER_SITE = 2
_LONGEST_TITLE = 300
_LONGEST_DESCRIPTION = 1000
_MAX_IMAGE_BYTES = 8 * 1024 * 1024

_under_way: Counter[str] = Counter()


async def find_card_job(runtime: Runtime, status_id: int) -> None:
    """Job: attach the card of a post's first link; none beside media or a quote."""
    async with runtime.transaction() as tx:
        source = await cards.find_source(tx.db, status_id)
        if source is None:
            return
        link = first_link(source.content, runtime.settings.origin, source.mentioned)
        address = card_address(link) if link and not source.shows_other else None
        if link is None or address is None:
            if await cards.detach(tx.db, status_id):
                await index.index_statuses(tx.db, [status_id])
                events.status_edited(tx, status_id)
            return
        card_id = await cards.attach(tx.db, status_id, address, link)
        if card_id:
            await index.index_statuses(tx.db, [status_id])
            tx.enqueue("fetch_card", card_id, once_key=f"fetch_card {card_id}")


async def keep_preview_job(
    runtime: Runtime,
    status_id: int,
    url: str,
    title: str,
    description: str,
    image_url: str,
    image_description: str,
) -> None:
    """Job: show the preview that came with a post, under the host of its link.

    What the page itself gave lately goes before it.
    """
    address = card_address(url)
    async with runtime.transaction() as tx:
        card_id = await cards.attach(tx.db, status_id, address, url) if address else None
    card = await cards.find_attempt(runtime.db, card_id) if card_id else None
    if card is None or address is None:
        return
    if not (card.is_usable and _is_fresh(card)):
        host = urlsplit(address).hostname or ""
        found = Found(
            page_url=address,
            site=host,
            type="link",
            title=clean_line(title, _LONGEST_TITLE),
            description=clean_line(description, _LONGEST_DESCRIPTION),
            author_name="",
            author_url="",
            provider_name=host,
            provider_url=origin_of(address),
            image_description=clean_line(image_description, _LONGEST_DESCRIPTION),
        )
        if image_url:
            found = await _with_picture(runtime, found, image_url)
        if unused := await cards.save_found(runtime.db, card.id, found):
            await runtime.media.delete([unused])
    await _tell(runtime, card.id)


async def fetch_card_job(runtime: Runtime, card_id: int) -> None:
    """Job: ask for a link's page if that was not done lately, then tell who waits for its card.

    A site is asked by few at once; whoever finds it busy comes back later.
    """
    card = await cards.find_attempt(runtime.db, card_id)
    if card is None:
        return
    if not _is_fresh(card):
        with _place_at(card.url) as is_free:
            if not is_free:
                await _come_back(runtime, card_id)
                return
            await _fetch(runtime, card)
    await _tell(runtime, card_id)


async def _tell(runtime: Runtime, card_id: int) -> None:
    """Show the card to the readers of all posts that wait for it."""
    async with runtime.transaction() as tx:
        status_ids = await cards.take_untold(tx.db, card_id)
        await index.index_statuses(tx.db, status_ids)
        for status_id in status_ids:
            events.status_edited(tx, status_id)


def _is_fresh(card: Attempt) -> bool:
    keeps = _FRESH if card.is_usable else _FAILED
    return card.tried_at is not None and card.tried_at > datetime.now(UTC) - keeps


@contextmanager
def _place_at(url: str) -> Iterator[bool]:
    """Whether a site is asked by few enough of us now; hosts of one domain count together."""
    site = registrable(urlsplit(url).hostname or "")
    if _under_way[site] >= _MOST_PER_SITE:
        yield False
        return
    _under_way[site] += 1
    try:
        yield True
    finally:
        _under_way[site] -= 1
        if not _under_way[site]:
            del _under_way[site]


async def _come_back(runtime: Runtime, card_id: int) -> None:
    later = datetime.now(UTC) + timedelta(seconds=random.uniform(3, 10))  # noqa: S311
    async with runtime.transaction() as tx:
        tx.enqueue("fetch_card", card_id, once_key=f"fetch_card {card_id}", run_at=later)


async def _fetch(runtime: Runtime, card: Attempt) -> None:
    try:
        found = await _read(runtime, card.url)
    except RemoteError:
        found = None
    if found is None:
        await cards.save_failure(runtime.db, card.id)
        return
    unused = await cards.save_found(runtime.db, card.id, found)
    if unused:
        await runtime.media.delete([unused])


async def _read(runtime: Runtime, url: str) -> Found | None:
    """What the page gives, with its picture; None when there is nothing to show."""
    answer = await fetch_page(runtime.open_web, url)
    html = decode_page(answer.body, answer.content_type)
    page = await runtime.offload(read_page, html, answer.url)
    embed = await fetch_embed(runtime.open_web, page.oembed_url) if page.oembed_url else None
    if not page.title and not (embed and embed.title):
        return None
    found = _found(page, embed, answer.url)
    found = replace(found, creator_id=await _creator(runtime, page.creator))
    image_url = (embed.image_url if embed else "") or page.image_url
    if not image_url:
        return found
    found = replace(found, image_description=page.image_description)
    return await _with_picture(runtime, found, image_url)


def _found(page: PageDetails, embed: Embed | None, url: str) -> Found:
    """What oEmbed says of a photo or video goes before what the page says."""
    host = urlsplit(url).hostname or ""
    found = Found(
        page_url=card_address(page.canonical_url or url) or url,
        site=host,
        type="video" if page.frame_url else "link",
        title=page.title,
        description=page.description,
        author_name=page.author_name,
        author_url=page.author_url,
        provider_name=_own_name(page.provider_name, host),
        provider_url=page.provider_url,
        frame_url=page.frame_url,
        width=page.width,
        height=page.height,
        published_at=page.published_at,
        language=page.language,
    )
    if embed is None:
        return found
    return replace(
        found,
        type=embed.type,
        title=embed.title or page.title,
        author_name=embed.author_name or page.author_name,
        author_url=embed.author_url or page.author_url,
        provider_name=_own_name(embed.provider_name or page.provider_name, host),
        provider_url=embed.provider_url or page.provider_url,
        embed_url=embed.image_url if embed.type == "photo" else "",
        frame_url=embed.frame_url,
        width=embed.width,
        height=embed.height,
    )


def _own_name(name: str, host: str) -> str:
    """What a site is called; one that calls itself by another's host is shown by its own."""
    lowered = name.strip().lower()
    is_host = "." in lowered and " " not in lowered
    return host if is_host and registrable(lowered) != registrable(host) else name


async def _creator(runtime: Runtime, name: str) -> int | None:
    """Id of the account that a page names as its author."""
    handles = handles_in(f"@{name.removeprefix('@')}")[:1] if name else []
    found = await resolve_handles(runtime, handles) if handles else {}
    return next((account.id for account in found.values()), None)


async def _with_picture(runtime: Runtime, found: Found, url: str) -> Found:
    """With the page's picture in our own storage; a picture that cannot be had is none.

    Readers never ask the page's host for it: it would learn who reads what.
    """
    try:
        answer = await fetch(runtime.open_web, url, "image/*", _MAX_IMAGE_BYTES)
        processed = await images.process_image(answer.body, "attachment")
    except (RemoteError, Invalid, Unavailable):
        return found
    small, size = processed.versions[1], processed.meta["small"]
    name = new_name("cards", small.content_type)
    await runtime.media.put(name, small.body, small.content_type)
    found = replace(found, image_file=name, blurhash=processed.blurhash)
    if found.type != "link":
        return found
    return replace(found, width=size["width"], height=size["height"])
