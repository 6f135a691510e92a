"""A list of nine costs no more queries than one of two."""

import dataclasses

import pytest

from tests.contract import calls, table
from tests.contract.opened import OPENED
from tests.contract.recipe import Recipe
from tests.contract.recipes import RECIPES, prepared
from tests.contract.world import Scene, World
from tests.queries import count_queries
from web.answers import Answers
from web.renderer import Renderer

LISTS = [
    row
    for row in table.read_table()
    if row.is_routed and row.name not in OPENED and RECIPES.get(row.name, Recipe()).each
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.name)
async def test_a_longer_list_takes_no_more_queries(row: table.Endpoint, world: World) -> None:
    scene = await Scene.open(world, row.role)
    few, short = await _statements(scene, row, 2)
    many, long = await _statements(scene, row, 9)
    assert long > short
    assert len(many) <= len(few), [statement for statement in many if statement not in few]


async def _statements(scene: Scene, row: table.Endpoint, size: int) -> tuple[list[str], int]:
    """What is asked of the database with nothing kept in memory, and how long the list is."""
    recipe = dataclasses.replace(RECIPES[row.name], rows=size)
    call = await prepared(scene, recipe)
    if row.limit:
        call["params"] = {**call.get("params", {}), "limit": str(size)}
    scene.world.app.state.tokens.forget()
    scene.world.app.state.renderer = Renderer(scene.world.runtime)
    scene.world.app.state.answers = Answers()
    with count_queries() as statements:
        answer = await calls.call_row(scene.me.api, row, call)
    return statements, len(calls.keys_of(answer.json()))
