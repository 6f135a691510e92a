import asyncio

import pytest

from server.errors import Gone, Invalid
from server.identity import first_owner, passwords
from server.identity.instance_actor import ensure_instance_actor
from server.identity.members import create_member
from server.identity.scopes import covers, parse_scopes
from server.identity.signing import signing_key
from server.identity.usernames import username_problem
from server.runtime import Runtime
from server.store import users
from tests.makers import make_member


@pytest.mark.parametrize(
    ("name", "email", "code"),
    [
        ("localhost", "a@b.example", "ERR_RESERVED"),
        ("a b", "a@b.example", "ERR_INVALID"),
        ("", "a@b.example", "ERR_BLANK"),
        ("x" * 31, "a@b.example", "ERR_TOO_LONG"),
        ("anna", "nonsense", "ERR_INVALID"),
        ("ANNA", "other@b.example", "ERR_TAKEN"),
        ("other", "Anna@example.org", "ERR_TAKEN"),
    ],
)
async def test_names_that_cannot_be_given(
    runtime: Runtime, name: str, email: str, code: str
) -> None:
    await make_member(runtime, "anna")
    with pytest.raises(Invalid) as caught:
        await create_member(runtime, name, email)
    assert [c for problems in caught.value.fields.values() for c, _ in problems] == [code]


async def test_who_runs_the_instance_gives_names_that_nobody_can_choose(runtime: Runtime) -> None:
    assert username_problem("Admin", runtime.settings) == ("ERR_RESERVED", "is reserved")
    assert (await create_member(runtime, "admin", "a@b.example")).username == "admin"


async def test_a_password_is_hashed_and_checked(runtime: Runtime) -> None:
    account = await make_member(runtime, password="correct horse")
    user = await users.find_user(runtime.db, account.id)
    assert user is not None
    assert "correct" not in str(user.password_hash)
    assert await passwords.is_password(runtime, user.password_hash, "correct horse")
    assert not await passwords.is_password(runtime, user.password_hash, "wrong horse")
    assert not await passwords.is_password(runtime, None, "correct horse")


async def test_the_first_owner_comes_once(runtime: Runtime) -> None:
    void = await first_owner.first_owner_link(runtime)
    link = await first_owner.first_owner_link(runtime)
    assert void
    assert link
    token = link.partition("token=")[2]
    assert not await first_owner.is_good(runtime, void.partition("token=")[2])

    async def become(name: str) -> object:
        return await first_owner.become_owner(
            runtime, token, name, f"{name}@example.org", "correct horse", "nl"
        )

    found = await asyncio.gather(become("anna"), become("ben"), return_exceptions=True)
    assert sum(isinstance(one, Gone) for one in found) == 1
    assert await first_owner.first_owner_link(runtime) is None


async def test_there_is_one_instance_actor_however_many_start(runtime: Runtime) -> None:
    actors = await asyncio.gather(*(ensure_instance_actor(runtime) for _ in range(3)))
    assert len({actor.id for actor in actors}) == 1
    assert actors[0].username == "localhost"
    assert (await signing_key(runtime, actors[0].id)).id == f"{actors[0].uri}#main-key"


@pytest.mark.parametrize(
    ("granted", "scope", "expected"),
    [
        ("read", "read:statuses", True),
        ("read:statuses", "read", False),
        ("follow", "write:follows", True),
        ("follow", "write:statuses", False),
        ("admin:read", "admin:read:accounts", True),
        ("read", "admin:read", False),
        ("write", "read:statuses", False),
    ],
)
def test_what_a_scope_covers(granted: str, scope: str, expected: bool) -> None:
    assert covers(frozenset(parse_scopes(granted)), scope) is expected
