"""Pages on which the instance says what it is, what holds here, and what it keeps."""

from markupsafe import Markup
from starlette.responses import Response

from server.store import account_search, instance_texts, rules
from server.store.account_views import load_account_views
from server.store.rules import Rule
from web.entities.account import page_url
from web.instance_texts import load_terms, load_text
from web.pages import sessions
from web.pages.rendering import language_of, render
from web.request import Request


async def show(request: Request) -> Response:
    """About the instance: description, rules, whom to write to."""
    db = request.runtime.db
    text = await load_text(request, "extended_description")
    contact_id = await account_search.find_contact(db)
    views = await load_account_views(db, [contact_id] if contact_id else [])
    contact = views[contact_id].account if contact_id in views else None
    return render(
        request,
        "about.html",
        session=await sessions.current(request),
        text=Markup(text.html),  # noqa: S704 - cleaned when it was rendered
        text_language=text.language,
        rules=await rules_values(request),
        contact={"handle": f"@{contact.username}", "url": page_url(contact, request.addresses)}
        if contact
        else None,
        has_terms=await instance_texts.has_terms(db),
    )


async def privacy_policy(request: Request) -> Response:
    """What is kept of people."""
    text = await load_text(request, "privacy_policy")
    return render(
        request,
        "document.html",
        session=await sessions.current(request),
        heading="about.privacy",
        note="",
        text=Markup(text.html),  # noqa: S704 - cleaned when it was rendered
        text_language=text.language,
    )


async def terms_of_service(request: Request) -> Response:
    """The terms of a day, or those that hold now. Raises NotFound without any."""
    terms = await load_terms(request, request.path_params.get("date"))
    return render(
        request,
        "document.html",
        session=await sessions.current(request),
        heading="about.terms",
        note=terms.effective_date.isoformat(),
        text=Markup(terms.html),  # noqa: S704 - cleaned when it was rendered
        text_language=terms.language,
    )


async def rules_values(request: Request) -> list[dict[str, str]]:
    """The rules in the reader's language, as far as somebody has translated them."""
    language = language_of(request)
    return [_rule(rule, language) for rule in await rules.list_rules(request.runtime.db)]


def _rule(rule: Rule, language: str) -> dict[str, str]:
    translated = rule.translations.get(language, {})
    return {
        "text": translated.get("text") or rule.text,
        "hint": translated.get("hint") or rule.hint,
    }
