"""One line that says what a notification is about, in the member's language."""

from server.text.sanitize import clean_line

LANGUAGES = ("en", "nl")
_LONGEST_NAME = 100

_LINES = {
    "en": {
        "mention": "{name} mentioned you",
        "status": "{name} posted something",
        "reblog": "{name} boosted your post",
        "follow": "{name} follows you",
        "follow_request": "{name} asks to follow you",
        "favourite": "{name} likes your post",
        "pleroma:emoji_reaction": "{name} reacted to your post",
        "pending.reply": "{name} would like to answer your post",
        "pending.favourite": "{name} would like to favourite your post",
        "pending.reblog": "{name} would like to boost your post",
        "poll": "A poll by {name} has ended",
        "update": "{name} edited a post",
        "quote": "{name} quoted your post",
        "quoted_update": "{name} edited a post that you quoted",
        "severed_relationships": "You lost connections",
        "moderation_warning": "You received a warning",
        "admin.sign_up": "{name} signed up",
        "admin.report": "{name} reported something",
        "added_to_collection": "{name} added you to a collection",
        "collection_update": "{name} changed a collection that you are in",
    },
    "nl": {
        "mention": "{name} noemde je",
        "status": "{name} plaatste een bericht",
        "reblog": "{name} deelde je bericht",
        "follow": "{name} volgt je",
        "follow_request": "{name} vraagt je te mogen volgen",
        "favourite": "{name} waardeert je bericht",
        "pleroma:emoji_reaction": "{name} reageerde op je bericht",
        "pending.reply": "{name} wil op je bericht antwoorden",
        "pending.favourite": "{name} wil je bericht waarderen",
        "pending.reblog": "{name} wil je bericht delen",
        "poll": "Een peiling van {name} is afgelopen",
        "update": "{name} bewerkte een bericht",
        "quote": "{name} citeerde je bericht",
        "quoted_update": "{name} bewerkte een bericht dat je citeerde",
        "severed_relationships": "Je verloor verbindingen",
        "moderation_warning": "Je kreeg een waarschuwing",
        "admin.sign_up": "{name} meldde zich aan",
        "admin.report": "{name} rapporteerde iets",
        "added_to_collection": "{name} zette je in een verzameling",
        "collection_update": "{name} veranderde een verzameling waarin je staat",
    },
}


def notice(kind: str, locale: str, name: str) -> str:
    """The line for a kind of notification about somebody of that name; the bare name for others."""
    line = _LINES[language_of(locale)].get(kind, "{name}")
    return line.replace("{name}", clean_line(name, _LONGEST_NAME))


def language_of(locale: str) -> str:
    """The language of ours that a locale like `nl-BE` is in; English for all that we have not."""
    language = locale[:2].lower()
    return language if language in LANGUAGES else "en"
