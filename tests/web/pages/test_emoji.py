"""Shortcodes become pictures in what is read, and nowhere else."""

import httpx
from markupsafe import Markup

from server.actions import custom_emojis
from server.actions.profile import ProfileChange, update_profile
from server.runtime import Runtime
from tests.makers import make_member, make_remote, make_status
from tests.pictures import picture
from web.pages.emoji import with_emoji

HTML = {"Accept": "text/html"}


async def test_names_and_posts_show_pictures(client: httpx.AsyncClient, runtime: Runtime) -> None:
    await custom_emojis.add_emoji(runtime, "blob", picture())
    anna = await make_member(runtime)
    await update_profile(
        runtime, anna.id, ProfileChange("<Anna> :blob:", ":blob: :none:", [("a :blob:", "b")])
    )
    post = await make_status(runtime, anna, "hello :blob: :none: https://site.example/:blob:/")
    image = '<img class="emoji" src="http://localhost:3000/media/emojis/'
    page = (await client.get("/@anna", headers=HTML)).text
    assert f"<h1>&lt;Anna&gt; {image}" in page
    assert "<title>&lt;Anna&gt; :blob: (@anna@localhost:3000)" in page
    assert f"<dt>a {image}" in page
    assert f'<div class="content"><p>{image}' in page
    page = (await client.get(f"/@anna/{post}", headers=HTML)).text
    assert f"hello {image}" in page
    assert ":none:" in page
    assert 'href="https://site.example/:blob:/"' in page


async def test_emoji_of_others_come_from_copies_here(runtime: Runtime) -> None:
    remy = await make_remote(runtime)
    emojis = [{"shortcode": "far", "url": 'https://far.example/"a".png'}]
    html = Markup('<a title="x > :far:">:far: :far:</a> <b :far:')
    shown = with_emoji(html, emojis, remy.uri, runtime.addresses)
    assert shown.startswith('<a title="x > :far:"><img class="emoji" src="http://localhost:3000/')
    assert shown.count("<img") == 3
    assert "https://far.example" not in shown
