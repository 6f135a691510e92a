import pytest

from server.text.emoji import normal_emoji


@pytest.mark.parametrize(
    "emoji",
    [
        "🔥",
        "👍🏽",
        "❤️",
        "🏳️‍🌈",
        "🏴‍☠️",
        "👩‍👩‍👧‍👦",
        "🇳🇱",
        "3️⃣",
        "#️⃣",
        "❤️‍🔥",
        "👁️‍🗨️",
        "⛹🏻‍♂️",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "☕",
        "©️",
        "\U0001fae8",
    ],
)
def test_an_emoji_is_itself_with_and_without_selectors(emoji: str) -> None:
    assert normal_emoji(emoji) == emoji
    assert normal_emoji(emoji.replace("\ufe0f", "")) == emoji


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "1",
        "🔥🔥",
        "🔥 ",
        ":blob:",
        "\u200d",
        "\ufe0f",
        "🇳",
        "👩‍",
        "\U0001f3fd",
        "☺︎",
        "👍" + "\u200d👍" * 30,
        "\ufe0f" * 10_000 + "🔥",
        "<b>",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert normal_emoji(text) is None
