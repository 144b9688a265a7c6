"""A refresh of the same source is the same snapshot, also after one that was interrupted anywhere."""

import random
from decimal import Decimal

import pytest

from tests import worlds
from tests.worlds import uid
from vital_insights import insights
from vital_insights.pipeline import refresh
from vital_insights.quality import QualityProcess
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot

TENANT = "quillmark"


@pytest.fixture(scope="module")
def checks():
    with QualityProcess() as started:
        yield started


@pytest.fixture(scope="module")
def first(demo_warehouse):
    """The hash of the tenant's snapshot in the shared warehouse."""
    with insights.open_tenant(TENANT, settings=Settings(warehouse=demo_warehouse)) as opened:
        return worlds.logical_hash(opened.snapshot.path)


class Interrupts:
    """A progress that raises at its n-th word, as Ctrl-C would."""

    def __init__(self, at=None):
        self.at, self.heard = at, 0

    def step(self, text):
        self._hear()

    def table(self, name, rows):
        self._hear()

    def rows(self, done):
        self._hear()

    def _hear(self):
        self.heard += 1
        if self.heard == self.at:
            raise KeyboardInterrupt


@pytest.mark.timeout(1800)  # the counts of make prove
def test_two_refreshes_are_equal_and_an_interrupted_one_leaves_nothing(demo_source, first, checks, tmp_path, counts):
    chosen = Settings(source_url=demo_source, warehouse=tmp_path)
    whole = Interrupts()
    done = refresh(TENANT, settings=chosen, checks=checks, progress=whole)
    assert worlds.logical_hash(done.path) == first
    assert whole.heard > 20
    chance = random.Random(1)
    for at in chance.sample(range(2, whole.heard + 1), counts(2, min(20, whole.heard - 1))):
        with pytest.raises(KeyboardInterrupt):
            refresh(TENANT, settings=chosen, checks=checks, progress=Interrupts(at))
        assert snapshot.current(done.path.parent) == done.path.stem
        assert not list(done.path.parent.glob("*.tmp*"))
    again = refresh(TENANT, settings=chosen, checks=checks)
    assert again.path != done.path
    assert worlds.logical_hash(again.path) == first


def shuffled(world, seed):
    chance = random.Random(seed)
    return {
        table: chance.sample(list(rows), len(rows)) for table, rows in chance.sample(sorted(world.items()), len(world))
    }


def test_the_order_of_the_source_does_not_matter(tmp_path):
    hashes = {worlds.logical_hash(worlds.publish(tmp_path / str(n), shuffled(worlds.SMALL, n))) for n in range(4)}
    assert len(hashes) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"jtbd_kpis": [{"id": uid("k"), "jtbd_id": uid("j1")}]},
        {"personas": worlds.SMALL["personas"][:1]},
        {
            "jobs_to_be_done": [
                {**worlds.SMALL["jobs_to_be_done"][0], "name": "Plan another visit"},
                worlds.SMALL["jobs_to_be_done"][1],
            ]
        },
        {"jtbd_roles": [{**worlds.SMALL["jtbd_roles"][0], "relevance_score": Decimal("0.800001")}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_of_the_source_changes_the_hash(tmp_path, change):
    """The control: the hash is not blind."""
    before = worlds.logical_hash(worlds.publish(tmp_path / "a", worlds.SMALL))
    assert worlds.logical_hash(worlds.publish(tmp_path / "b", {**worlds.SMALL, **change})) != before
