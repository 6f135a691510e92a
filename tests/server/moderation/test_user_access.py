"""Members who cannot sign in any more are helped by those who may, and by nobody else."""

from dataclasses import replace

import pytest

from server.errors import Forbidden, NotFound
from server.identity.permissions import Permission
from server.moderation import user_access
from server.runtime import Runtime
from server.store import audit_log, tokens, totp_secrets, users
from server.store.accounts import Account
from server.store.pages import Page
from tests.forms import PASSWORD
from tests.makers import make_member, make_remote, make_token
from tests.server.moderation.test_act import letters

HELP = (user_access.reset_password, user_access.remove_second_factors, user_access.confirm_email)


@pytest.fixture
def runtime(runtime: Runtime) -> Runtime:
    return replace(runtime, settings=replace(runtime.settings, smtp_url="smtp://localhost"))


@pytest.fixture
async def mo(runtime: Runtime) -> Account:
    await runtime.db.execute(
        "UPDATE roles SET permissions = $1 WHERE id = 2", Permission.MANAGE_USER_ACCESS.value
    )
    return await make_member(runtime, "mo", role="admin")


@pytest.fixture
async def anna(runtime: Runtime) -> Account:
    return await make_member(runtime, "anna", password=PASSWORD)


async def test_a_password_ends_with_all_that_it_opened(
    runtime: Runtime, mo: Account, anna: Account
) -> None:
    await make_token(runtime, anna)
    await user_access.reset_password(runtime, mo.id, anna.id)
    user = await users.find_user(runtime.db, anna.id)
    assert user
    assert user.password_hash is None
    assert await tokens.delete_tokens_of_account(runtime.db, anna.id) == []
    [letter] = await letters(runtime)
    assert (letter.to, letter.template) == (user.email, "password_reset")
    mute = replace(runtime, settings=replace(runtime.settings, smtp_url=""))
    with pytest.raises(Forbidden):
        await user_access.reset_password(mute, mo.id, anna.id)


async def test_lost_factors_and_mails_that_never_came(
    runtime: Runtime, mo: Account, anna: Account
) -> None:
    await totp_secrets.put_secret(runtime.db, anna.id, b"sealed")
    await totp_secrets.confirm_secret(runtime.db, anna.id)
    await runtime.db.execute("UPDATE users SET confirmed_at = NULL WHERE account_id = $1", anna.id)
    before = await users.find_user(runtime.db, anna.id)
    assert before
    assert (before.has_second_factor, before.state) == (True, "unconfirmed")
    await user_access.remove_second_factors(runtime, mo.id, anna.id)
    await user_access.confirm_email(runtime, mo.id, anna.id)
    after = await users.find_user(runtime.db, anna.id)
    assert after
    assert (after.has_second_factor, after.state) == (False, None)
    with pytest.raises(Forbidden):
        await user_access.confirm_email(runtime, mo.id, anna.id)
    acts = await audit_log.entry_page(runtime.db, Page(10))
    assert [(act.action, act.target_kind, act.target_name) for act in acts] == [
        ("confirm", "user", "anna"),
        ("disable_2fa", "user", "anna"),
    ]


@pytest.mark.parametrize("help_", HELP)
async def test_only_those_who_may_and_nobody_above(
    runtime: Runtime, mo: Account, anna: Account, help_: user_access.Help
) -> None:
    moderator = await make_member(runtime, "mimi", role="moderator")
    olga = await make_member(runtime, "olga", role="owner")
    remy = await make_remote(runtime)
    for who, whom in ((moderator, anna), (anna, mo), (mo, mo), (mo, olga)):
        with pytest.raises(Forbidden):
            await help_(runtime, who.id, whom.id)
    with pytest.raises(NotFound):
        await help_(runtime, mo.id, remy.id)
    assert await audit_log.entry_page(runtime.db, Page(10)) == []
