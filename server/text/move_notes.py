"""What a member's private note says about somebody who moved."""

_TEXTS = {
    "en": {
        "note": "This user moved from {acct}, here were your previous notes about them:",
        "block": "This user moved from {acct}, which you had blocked.",
        "mute": "This user moved from {acct}, which you had muted.",
    },
    "nl": {
        "note": "Deze gebruiker is verhuisd vanaf {acct}. Je opmerkingen over diegene waren:",
        "block": "Deze gebruiker is verhuisd vanaf {acct}; dat account had je geblokkeerd.",
        "mute": "Deze gebruiker is verhuisd vanaf {acct}; dat account had je genegeerd.",
    },
}


def move_notes(acct: str) -> dict[str, dict[str, str]]:
    """The texts by language and kind (note, block, mute) for who moved from that handle."""
    return {
        language: {kind: text.format(acct=acct) for kind, text in texts.items()}
        for language, texts in _TEXTS.items()
    }
