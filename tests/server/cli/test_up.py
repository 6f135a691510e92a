import re
import urllib.request

from tests.servers import Instance


def test_it_shows_its_progress_the_address_and_the_owner_s_link() -> None:
    with Instance() as instance:
        # It serves a moment before it says so.
        instance.wait_for_output(rf"Wandelgang serves at {instance.url} \(after ")
        said = instance.output()
        for step in ("postgres runs", "valkey runs", "migrations applied", "web and worker run"):
            assert f"✓ {step}" in re.sub(r"\d+ migrations", "migrations", said)
        link = instance.wait_for_output(rf"{instance.url}/\S+")
        with urllib.request.urlopen(link, timeout=60) as page:
            assert page.status == 200

        instance.create_user("anna", "read")
        assert instance.command("owner-link").startswith(instance.url)
        instance.command("user", "create", "olga", "--email", "o@example.org", "--role", "owner")
        assert instance.command("owner-link") == ""
