from server.runtime import Runtime
from server.store import cards, status_views
from tests.makers import make_member, make_status
from tests.queries import count_queries


async def test_many_cost_as_many_queries_as_one(runtime: Runtime) -> None:
    anna = await make_member(runtime)
    ids = [await make_status(runtime, anna, f"{n} #tag @anna") for n in range(6)]
    for n, status_id in enumerate(ids):
        url = f"https://{n}.example/"
        card_id = await cards.attach(runtime.db, status_id, url, url)
        assert card_id
        found = cards.Found(url, f"{n}.example", "link", "title", "", "", "", "", "")
        await cards.save_found(runtime.db, card_id, found)
    with count_queries() as one:
        await status_views.load_status_views(runtime.db, ids[:1])
    with count_queries() as many:
        views = await status_views.load_status_views(runtime.db, ids)
    assert [view.status.id for view in views] == ids
    assert all(view.card for view in views)
    assert len(many) == len(one)
