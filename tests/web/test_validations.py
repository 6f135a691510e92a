import re
import tomllib
from pathlib import Path

from server.runtime import Runtime
from tests.makers import Api

LONG = {"status": "x" * 501}
ENGLISH = "Validation failed: Text character limit of 500 exceeded"
DUTCH = "De tekst is langer dan 500 tekens."


async def test_what_is_wrong_with_a_form_is_told_in_the_members_language(
    anna: Api, runtime: Runtime
) -> None:
    async def told(query: str = "", language: str = "", **body: object) -> str:
        answer = await anna(
            "POST",
            f"/api/v1/statuses{query}",
            json=body or LONG,
            headers={"Accept-Language": language},
        )
        assert answer.status_code == 422
        return str(answer.json()["error"])

    # Anna chose English when she joined: what the app accepts does not matter.
    assert [await told(), await told(language="nl")] == [ENGLISH, ENGLISH]
    assert [await told("?lang=nl"), await told("?lang=fr")] == [DUTCH, ENGLISH]
    await runtime.db.execute("UPDATE users SET locale = 'nl'")
    assert [await told(), await told("?lang=en")] == [DUTCH, ENGLISH]
    assert await told(status="", content_type="x") == "Er staat nog geen tekst."
    untranslated = await anna("GET", "/api/v1/statuses/1")
    assert untranslated.json() == {"error": "Record not found"}


def test_what_is_translated_is_still_said() -> None:
    """A message that was changed in the code alone would be English again."""
    said = tomllib.loads(Path("web/locales/nl.toml").read_text("utf-8"))["said"]
    texts = [text.removeprefix("Validation failed: ") for text in said]
    files = [file for room in ("server", "web") for file in Path(room).rglob("*.py")]
    code = re.sub(r"\"\s*f?\"", "", "\n".join(file.read_text("utf-8") for file in files))
    code = re.sub(r"\d+", "{n}", re.sub(r"\{[^{}\"]*\}", "{n}", code))
    # Some are put together: "Note" and " is too long (…)".
    parts = {t: [t] if t in code else re.split(" is | contains ", t, maxsplit=1) for t in texts}
    assert [text for text, found in parts.items() if not all(p in code for p in found)] == []
