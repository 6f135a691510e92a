"""A member looks back on the year, in December: what Mastodon calls an annual report."""

from datetime import datetime

from server.runtime import Runtime
from server.store import annual_reports
from server.store.annual_reports import Posted

# Posts of an active member in a year (Mastodon's measure, of 2023).
_AVERAGE = 113
_FIRST_DAY = 10  # of December


def campaign_year(now: datetime) -> int | None:
    """The year on which one can look back at that moment."""
    return now.year if now.month == 12 and now.day >= _FIRST_DAY else None


async def state_of_report(runtime: Runtime, account_id: int, year: int, now: datetime) -> str:
    """Mastodon's word: available, generating, eligible or ineligible."""
    found = await annual_reports.find_report(runtime.db, account_id, year)
    if found:
        return "available" if found.data else "generating"
    if campaign_year(now) != year:
        return "ineligible"
    top = await annual_reports.list_top_statuses(runtime.db, account_id, year)
    return "eligible" if top[0] else "ineligible"


async def request_report(runtime: Runtime, account_id: int, year: int, now: datetime) -> bool:
    """Have this year's report made; gives whether it is being made.

    Nothing is done for another year, at another time of the year, or when it is there.
    """
    if campaign_year(now) != year:
        return False
    async with runtime.transaction() as tx:
        if await annual_reports.insert_empty(tx.db, account_id, year):
            tx.enqueue("look_back", account_id, year)
            return True
    return await is_being_made(runtime, account_id, year)


async def is_being_made(runtime: Runtime, account_id: int, year: int) -> bool:
    """Whether the worker has yet to write the report."""
    found = await annual_reports.find_report(runtime.db, account_id, year)
    return found is not None and not found.data


async def look_back_job(runtime: Runtime, account_id: int, year: int) -> None:
    """Job: write the report."""
    db = runtime.db
    top = await annual_reports.list_top_statuses(db, account_id, year)
    kinds = ("by_reblogs", "by_favourites", "by_replies")
    data = {
        "archetype": archetype(await annual_reports.count_posted(db, account_id, year)),
        "top_statuses": {
            kind: str(found) if found else None for kind, found in zip(kinds, top, strict=True)
        },
        "time_series": await annual_reports.list_months(db, account_id, year),
        "top_hashtags": await annual_reports.list_top_tags(db, account_id, year),
    }
    await annual_reports.set_data(db, account_id, year, data)


def archetype(posted: Posted) -> str:
    """What kind of poster somebody is, by Mastodon's rules."""
    if posted.alone + posted.answers + posted.boosts < _AVERAGE:
        return "lurker"
    if posted.boosts > posted.alone * 2:
        return "booster"
    if posted.polls > posted.alone * 0.1:
        return "pollster"
    return "replier" if posted.answers > posted.alone * 2 else "oracle"
