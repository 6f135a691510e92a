import re
import stat
from pathlib import Path

import pytest

from docs import mastodon_api, settings

PAGES = [*Path().glob("*.md"), *Path("docs").rglob("*.md")]


def test_every_setting_is_documented() -> None:
    assert settings.PAGE.read_text("utf-8") == settings.page(), "run: make docs"


def test_the_state_of_every_address_is_documented() -> None:
    assert mastodon_api.PAGE.read_text("utf-8") == mastodon_api.page(), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    ours = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in ours if not (page.parent / link).exists()] == []


def test_every_decision_is_in_the_index_by_its_title() -> None:
    index = Path("docs/decisions/README.md").read_text("utf-8")
    for page in Path("docs/decisions").glob("0*.md"):
        number, title = page.read_text("utf-8").splitlines()[0].removeprefix("# ").split(". ", 1)
        assert f"- [{number}]({page.name}): {title}\n" in index


def test_the_one_command_of_the_pipeline_can_be_run() -> None:
    run = Path(".ci/run")
    assert run.stat().st_mode & stat.S_IXUSR
    assert "make test" in run.read_text("utf-8")
