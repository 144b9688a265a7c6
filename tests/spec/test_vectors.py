"""Published and computed reference numbers through the real metric SQL, to the last decimal."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from tests import worlds
from tests.worlds import uid

VECTORS = Path(__file__).parents[1] / "vectors"


@pytest.fixture(scope="module")
def bench():
    return worlds.Bench()


def read(name):
    with (VECTORS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scored(bench, pairs):
    """What the metric says of each pair, in the order given."""
    outcomes = [
        {"id": uid(str(n)), "importance_score": Decimal(i), "satisfaction_score": Decimal(s)}
        for n, (i, s) in enumerate(pairs)
    ]
    told = bench.built({"jtbd_outcomes": outcomes}, "metric.opportunity")["metric.opportunity"]
    found = {row["outcome_id"]: row for row in told}
    return [found[outcome["id"]] for outcome in outcomes]


def test_every_pair_on_the_grid(bench):
    grid = read("v01_grid_exact_input_expected.csv")
    assert len(grid) == 10_201
    for told, found in zip(grid, grid_of(bench), strict=True):
        i, s = Decimal(told["importance"]), Decimal(told["satisfaction"])
        region = told["region_opp10"]
        if i >= Decimal("7.5") and s >= Decimal("7.5") and region != "underserved":
            region = "table_stakes"  # the vectors are older than this region
        assert (found["importance"], found["satisfaction"]) == (i, s)
        score = Decimal(told["opportunity"])
        assert (found["score"], found["band"], found["region"]) == (score, told["band"], region), told
        assert found["classic_band"] == classic(score), told


def classic(score):
    """The bands of the book."""
    return "EXTREME" if score >= 15 else "HIGH" if score >= 12 else "CONSIDER" if score >= 10 else "NONE"


def grid_of(bench):
    """The whole grid at once; `range` makes it, because ten thousand inserts take seconds."""
    connection = bench.connection
    connection.execute("begin")
    try:
        connection.execute(
            "insert into raw.jtbd_outcomes (id, importance_score, satisfaction_score, is_shared) "
            "select uuid(), i * 0.1, s * 0.1, false from range(101) as a(i), range(101) as b(s)"
        )
        worlds.sqlfile.build(connection, worlds.ordered())
        return sorted(
            worlds.rows(connection, "metric.opportunity"), key=lambda row: (row["importance"], row["satisfaction"])
        )
    finally:
        connection.execute("rollback")


def test_the_pairs_that_floats_put_into_the_wrong_band(bench):
    traps = read("v02_grid_float_misbands.csv")
    assert len(traps) == 12
    for told, found in zip(traps, scored(bench, [(t["importance"], t["satisfaction"]) for t in traps]), strict=True):
        assert (found["score"], found["band"]) == (Decimal(told["opportunity_exact"]), told["band_exact"])
        assert told["band_float"] != found["band"]  # the trap is one


def test_published_tables(bench):
    """`reproduces` says which print is exact, which is off by its own rounding, and which is wrong."""
    published = read("v10_published_tables.csv")
    assert len(published) == 35
    exact, rounded, wrong = 0, 0, 0
    for told, found in zip(
        published, scored(bench, [(t["importance"], t["satisfaction"]) for t in published]), strict=True
    ):
        printed, says = Decimal(told["opportunity_published"]), told["reproduces"]
        if says.startswith("exact"):
            assert found["score"] == printed, told
            exact += 1
        elif "from rounded inputs" in says:
            assert found["score"] == Decimal(says.split()[0]) == printed + Decimal("0.1"), told
            rounded += 1
        else:
            assert found["score"] == Decimal(says.rsplit(maxsplit=1)[-1]) != printed, told
            wrong += 1
    assert (exact, rounded, wrong) == (29, 3, 3)


@pytest.mark.parametrize("case", ["A", "B"])
def test_a_roll_up_is_the_mean_of_scores_and_not_the_score_of_means(bench, case):
    rows = {row["outcome"]: row for row in read("v12_rollup_paradox.csv") if row["case"] == case}
    outcomes = [
        {"id": uid(name), "jtbd_id": uid("j"), "importance_score": Decimal(row["importance"]),
         "satisfaction_score": Decimal(row["satisfaction"])}
        for name, row in rows.items() if name.startswith("o")
    ]  # fmt: skip
    world = {"jobs_to_be_done": [{"id": uid("j")}], "jtbd_outcomes": outcomes}
    [found] = [
        r for r in bench.built(world, "metric.opportunity_by")["metric.opportunity_by"] if r["dimension"] == "job"
    ]
    assert found["mean_score"] == float(rows["MEAN_OF_SCORES"]["opportunity"])
    if case == "A":
        assert found["mean_score"] != float(rows["SCORE_OF_MEANS"]["opportunity"])
