import pytest

from federation.documents.policy import Rule, build_policy, read_policy

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
PERSON = "https://a.example/u"


def test_present_and_former_names_single_values_and_lists() -> None:
    assert read_policy(
        {
            "canQuote": {"automaticApproval": "as:Public"},
            "canReply": {"always": [PERSON], "approvalRequired": PUBLIC},
            "canLike": {},
            "canAnnounce": None,
        }
    ) == {"quote": Rule((PUBLIC,)), "reply": Rule((PERSON,), (PUBLIC,))}


@pytest.mark.parametrize("odd", [None, 1, "x", [], [[]], {"canReply": 3}, {"canReply": [None]}])
def test_odd_ones_say_nothing(odd: object) -> None:
    assert read_policy(odd) == {}


def test_a_policy_is_read_as_it_was_built() -> None:
    policy = {"quote": Rule((PUBLIC,)), "reply": Rule((PERSON,), (PUBLIC,))}
    assert read_policy(build_policy(policy)) == policy
