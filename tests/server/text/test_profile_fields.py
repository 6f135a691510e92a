import pytest

from server.text.profile_fields import field_link, keep_verified


@pytest.mark.parametrize(
    ("field", "link"),
    [
        ({"text": " https://a.example/x ", "value": ""}, "https://a.example/x"),
        ({"text": "see https://a.example", "value": ""}, None),
        ({"text": "http://a.example", "value": ""}, None),
        (
            {"value": '<a href="https://a.example/x" rel="me">a.example/x</a>'},
            "https://a.example/x",
        ),
        (
            {
                "value": '<a href="https://a.example/?x=1&amp;y"><span class="invisible">https://'
                '</span><span class="ellipsis">a.example/?x</span>'
                '<span class="invisible">=1&amp;y</span></a>'
            },
            "https://a.example/?x=1&y",
        ),
        ({"value": '<a href="https://evil.example">https://bank.example</a>'}, None),
        ({"value": '<a href="https://evil.example">evil</a>'}, None),
        ({"value": 'at <a href="https://a.example/x">a.example</a>'}, None),
        ({"value": '<a href="https://a.example">a</a><a href="https://b.example">b</a>'}, None),
        ({"value": "she/her"}, None),
    ],
)
def test_only_a_field_that_is_a_link_can_be_verified(
    field: dict[str, str], link: str | None
) -> None:
    assert field_link(field) == link


def test_on_a_plain_instance_plain_links_count() -> None:
    assert field_link({"text": "http://localhost/", "value": ""}, allows_plain=True)


def test_a_field_that_stays_keeps_its_proof() -> None:
    known = [{"name": "a", "value": "x", "verified_at": "then"}]
    kept = keep_verified([{"name": "b", "value": "x"}, {"name": "a", "value": "y"}], known)
    assert [field["verified_at"] for field in kept] == ["then", None]
