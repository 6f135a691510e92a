"""Makers of what those who run the instance make, and of what comes before a token."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from asyncpg import UniqueViolationError

from server.actions import look_back
from server.actions.announce import Draft, add_announcement
from server.actions.custom_emojis import add_emoji
from server.store import annual_reports, apps, instance_texts
from tests.contract.post_things import my_status
from tests.contract.things import answered, followed_by_my_friend
from tests.contract.world import Person, Scene
from tests.makers import make_remote
from tests.pictures import picture

# what only those who run the instance can make


async def announced(s: Scene, other: Person) -> None:
    draft = Draft(f"Water is off in the house of {other.name} #water")
    await add_announcement(s.world.runtime, None, draft)


async def announcement(s: Scene) -> str:
    return str(await add_announcement(s.world.runtime, None, Draft("The lift is broken")))


async def announcement_reacted_to(s: Scene) -> str:
    made = await s.thing(announcement)
    await s.world.settle()
    await answered(s.me, "PUT", f"/api/v1/announcements/{made}/reactions/👍")
    return made


async def terms_of_today(s: Scene) -> str:
    today = datetime.now(UTC).date()
    with suppress(UniqueViolationError):  # the world has them from another scene
        await instance_texts.put_terms(s.world.runtime.db, today, "en", "Be kind.")
    return today.isoformat()


async def known_domain(s: Scene) -> str:
    await make_remote(s.world.runtime, "peer", "peers.example")
    return "peers.ex"


async def description(s: Scene) -> None:
    await instance_texts.put_text(s.world.runtime.db, "extended_description", "en", "We share.")


async def annual_report(s: Scene) -> str:
    await s.thing(my_status)
    year = datetime.now(UTC).year
    await annual_reports.insert_empty(s.world.runtime.db, int(s.me.id), year)
    await look_back.look_back_job(s.world.runtime, int(s.me.id), year)
    return str(year)


async def suggested(s: Scene) -> str:
    await s.fill(1, followed_by_my_friend)
    return s.other_ids[0]


async def own_handle(s: Scene) -> str:
    return f"acct:{s.me.name}@localhost:3000"


async def my_address(s: Scene) -> str:
    return f"http://localhost:3000/@{s.me.name}/{await s.thing(my_status)}"


async def emoji_added(s: Scene, other: Person) -> None:
    await add_emoji(s.world.runtime, other.name, picture())


# what OAuth needs


async def client_form(s: Scene) -> dict[str, str]:
    made = await answered(
        s.me,
        "POST",
        "/api/v1/apps",
        json={"client_name": "Pilot", "redirect_uris": "pilot://done", "scopes": "read"},
    )
    return {"client_id": made["client_id"], "client_secret": made["client_secret"]}


async def token_request(s: Scene) -> dict[str, str]:
    return {"grant_type": "client_credentials", "scope": "read", **await s.thing(client_form)}


async def revocation(s: Scene) -> dict[str, str]:
    made = await answered(s.me, "POST", "/oauth/token", data=await token_request(s))
    return {"token": made["access_token"], **await s.thing(client_form)}


async def authorization(s: Scene) -> dict[str, str]:
    form = await s.thing(client_form)
    app = await apps.find_app(s.world.runtime.db, form["client_id"])
    assert app
    return {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": "pilot://done",
        "scope": "read",
        "force_login": "false",
    }


async def newcomer(s: Scene) -> dict[str, Any]:
    name = f"new{s.me.name}"
    return {
        "username": name,
        "email": f"{name}@example.org",
        "password": "long enough to pass",
        "agreement": True,
        "locale": "en",
    }


async def unconfirmed_address(s: Scene) -> None:
    """A wish for another address, of who signed up through the app whose token calls."""
    await s.world.runtime.db.execute(
        """
        UPDATE users SET unconfirmed_email = 'new.' || email, created_by_app_id = (
            SELECT app_id FROM tokens WHERE account_id = $1 LIMIT 1)
        WHERE account_id = $1
        """,
        int(s.me.id),
    )
