from importlib.metadata import packages_distributions

from tests.house import rooms

MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def test_no_installed_distribution_has_the_names_of_our_rooms() -> None:
    ours = {*rooms.ROOMS, "migrations", "tests", "benchmarks"}
    foreign = {
        name: [d for d in distributions if d != "wandelgang"]
        for name, distributions in packages_distributions().items()
        if name in ours
    }
    assert {name: given for name, given in foreign.items() if given} == {}


def test_names_say_something() -> None:
    named = [str(path) for path in rooms.modules() if {path.stem, path.parent.name} & MEANINGLESS]
    assert named == []
