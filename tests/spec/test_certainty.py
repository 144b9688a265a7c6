"""How sure a score is: the columns against every world within the tolerance, tried one by one, and against algebra."""

import dataclasses
import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import worlds
from tests.conftest import PROVE
from tests.worlds import uid
from vital_insights.warehouse import sqlfile

D = Decimal
CERTAINTY = ("score_low", "score_high", "band_low", "band_high", "band_firm", "rank_best", "rank_worst")
EDGES = ["0", "0.000001", "0.3", "0.5", "2", "4", "5", "5.5", "6", "7.5", "7.9", "8", "8.5", "9.6", "9.999999", "10"]
READ = {"model.jobs", "model.outcomes", "model.snapshot", "model.band_scheme", "metric.opportunity"}
PAIRS = st.lists(st.tuples(st.sampled_from(EDGES), st.sampled_from(EDGES)), min_size=1, max_size=12)
MANY = settings(max_examples=500 if PROVE else 20, deadline=None)


@pytest.fixture(scope="module")
def bench():
    return worlds.Bench()


def world_of(pairs):
    return {
        "jtbd_outcomes": [
            {"id": uid(str(n)), "importance_score": i and D(i), "satisfaction_score": s and D(s)}
            for n, (i, s) in enumerate(pairs)
        ]
    }


def judged(bench, pairs, tolerance="0.5", scheme=None):
    """What the metric says of each pair, in the order given; only what it reads is built, which is five times as quick."""
    files = [file for file in worlds.ordered() if file.table in READ]
    if scheme:
        files = [dataclasses.replace(f, sql=scheme) if f.table == "model.band_scheme" else f for f in files]
    bench.connection.execute("begin")
    try:
        worlds.insert(bench.connection, world_of(pairs))
        settings_row = [*worlds.made(tolerance and D(tolerance)).values()]
        bench.connection.execute("insert into raw.snapshot values (?, ?, ?, ?, ?, ?, ?)", settings_row)
        sqlfile.build(bench.connection, files)
        found = {row["outcome_id"]: row for row in worlds.rows(bench.connection, "metric.opportunity")}
    finally:
        bench.connection.execute("rollback")
    return [found[uid(str(n))] for n in range(len(pairs))]


def f(importance, satisfaction):
    return importance + max(importance - satisfaction, 0)


def within(value, d, steps):
    """Evenly spaced values within d of one, cut to 0-10."""
    return {min(max(Fraction(value) + Fraction(d) * step / steps, 0), 10) for step in range(-steps, steps + 1)}


@pytest.mark.parametrize("d", ["0", "0.000001", "0.1", "0.5", "1.3", "10", "12"])
def test_no_input_within_the_tolerance_leaves_the_span_and_some_reach_its_ends(bench, d):
    pairs = [(i, s) for i in EDGES for s in EDGES[::3]]
    for (i, s), found in zip(pairs, judged(bench, pairs, d), strict=True):
        scores = [f(a, b) for a, b in itertools.product(within(i, d, 6), within(s, d, 6))]
        assert (Fraction(found["score_low"]), Fraction(found["score_high"])) == (min(scores), max(scores)), (i, s)
        assert found["score"] == f(D(i), D(s))


@MANY
@given(pairs=PAIRS.filter(lambda pairs: len(pairs) <= 7), d=st.sampled_from(["0.2", "0.5", "1.5", "4"]))
def test_ranks_are_the_best_and_the_worst_of_all_worlds_within_the_tolerance(bench, pairs, d):
    """Every outcome at its lowest or its highest, in every combination: what lies between cannot rank further out."""
    ends = []
    for i, s in pairs:
        scores = [f(a, b) for a, b in itertools.product(within(i, d, 1), within(s, d, 1))]
        ends.append((min(scores), max(scores)))
    worlds_of_scores = list(itertools.product(*ends))
    for n, found in enumerate(judged(bench, pairs, d)):
        ranks = [1 + sum(score > scores[n] for score in scores) for scores in worlds_of_scores]
        assert (found["rank_best"], found["rank_worst"]) == (min(ranks), max(ranks))


@MANY
@given(pairs=PAIRS)
def test_without_doubt_all_ranks_are_one_and_every_band_is_firm(bench, pairs):
    for found in judged(bench, pairs, "0"):
        assert found["rank_best"] == found["rank"] == found["rank_worst"]
        assert found["score_low"] == found["score"] == found["score_high"]
        assert found["band_low"] == found["band"] == found["band_high"]
        assert found["band_firm"] is True


@MANY
@given(pairs=PAIRS, ds=st.lists(st.sampled_from(["0", "0.1", "0.5", "2", "11"]), min_size=2, max_size=2, unique=True))
def test_more_doubt_never_makes_anything_surer(bench, pairs, ds):
    little, much = sorted(ds, key=D)
    for sure, unsure in zip(judged(bench, pairs, little), judged(bench, pairs, much), strict=True):
        assert unsure["score_low"] <= sure["score_low"] <= sure["score"] <= sure["score_high"] <= unsure["score_high"]
        assert unsure["rank_best"] <= sure["rank_best"] <= sure["rank"] <= sure["rank_worst"] <= unsure["rank_worst"]
        assert sure["band_firm"] or not unsure["band_firm"]
        told = ("score", "band", "classic_band", "region", "rank", "gap", "satisfaction_to_leave_high")
        assert [sure[name] for name in told] == [unsure[name] for name in told]


def test_total_doubt_says_that_nothing_is_known(bench):
    for d in ("10", "11", "1000"):
        for found in judged(bench, [("9", "1"), ("3", "3"), ("0", "10")], d):
            assert (found["score_low"], found["score_high"]) == (0, 20)
            assert (found["band_low"], found["band_high"], found["band_firm"]) == ("LOW", "HIGH", False)
            assert (found["rank_best"], found["rank_worst"]) == (1, 3)


def test_one_outcome_is_first_however_unsure(bench):
    [found] = judged(bench, [("7", "5")])
    assert (found["rank_best"], found["rank"], found["rank_worst"]) == (1, 1, 1)


def test_equals_are_each_above_the_other_at_worst(bench):
    pairs = [("7", "5"), ("7", "5"), ("8", "7"), ("2", "2")]  # 9, 9, 9 and far below; spans 7.5-10.5 twice, 7.5-10.5
    ranks = [(r["rank_best"], r["rank"], r["rank_worst"]) for r in judged(bench, pairs)]
    assert ranks == [(1, 1, 3), (1, 1, 3), (1, 1, 3), (4, 4, 4)]
    ranks = [(r["rank_best"], r["rank"], r["rank_worst"]) for r in judged(bench, pairs, "0")]
    assert ranks == [(1, 1, 1), (1, 1, 1), (1, 1, 1), (4, 4, 4)]


def test_spans_that_only_touch_do_not_overtake(bench):
    """10 and 7 at d = 0.5: from 8.5 to 11.5 and from 5.5 to 8.5; a hair closer, and the lower one may share the place."""
    assert spans(bench, ("6", "2"), ("5", "3")) == [(1, 1), (1, 2)]
    assert spans(bench, ("6.000001", "2"), ("5", "3")) == [(1, 1), (2, 2)]
    assert spans(bench, ("5.999999", "2"), ("5", "3")) == [(1, 2), (1, 2)]


def spans(bench, *pairs):
    return [(row["rank_best"], row["rank_worst"]) for row in judged(bench, pairs)]


@pytest.mark.parametrize(
    ("importance", "satisfaction", "low", "high", "firm"),
    [
        ("8.5", "3.5", "12", "15", False),  # 12.0 at worst, which is MEDIUM
        ("8.500001", "3.5", "12.000002", "15.000002", True),
        ("8.5", "6.5", "9", "12", True),  # from 9 to 12.0: MEDIUM all along
        ("8.5", "6.499999", "9.000001", "12.000001", False),
        ("8.5", "10", "8", "9", True),  # an importance nobody doubts below 8; satisfaction cut to 10
        ("8.499999", "10", "7.999999", "8.999999", False),
        ("7.4", "7.4", "6.9", "8.9", False),
        ("6.4", "10", "5.9", "6.9", True),
        ("10", "0", "18.5", "20", True),  # cut to 10 and to 0
        ("0", "10", "0", "0.5", True),
    ],
)
def test_a_band_is_firm_when_both_ends_are_in_it(bench, importance, satisfaction, low, high, firm):
    [found] = judged(bench, [(importance, satisfaction)])
    assert (found["score_low"], found["score_high"]) == (D(low), D(high))
    assert found["band_firm"] is firm is (found["band_low"] == found["band_high"])


def test_what_has_no_score_has_no_certainty_and_is_counted_by_nobody(bench):
    pairs = [("9", "3"), ("8", "6"), ("8", "8")]
    nothing = [(None, "3"), ("9", None), (None, None), ("10.000001", "0"), ("5", "-0.000001")]
    found = judged(bench, pairs + nothing)
    assert found[:3] == judged(bench, pairs)
    for row in found[3:]:
        assert [row[name] for name in (*CERTAINTY, "satisfaction_to_leave_high")] == [None] * 8
        assert row["band"] == "UNSCORED"


def test_without_a_tolerance_the_scores_still_come(bench):
    pairs = [("9", "3"), ("8", "6"), (None, "8")]
    known, unknown = judged(bench, pairs), judged(bench, pairs, None)
    for sure, row in zip(known, unknown, strict=True):
        assert [row[name] for name in CERTAINTY] == [None] * 7
        assert {**row, **dict.fromkeys(CERTAINTY)} == {**sure, **dict.fromkeys(CERTAINTY)}
    [high, *_] = sorted(
        bench.built(world_of(pairs), "metric.band_summary", tolerance=None)["metric.band_summary"],
        key=lambda row: row["place"],
    )
    assert (high["n_outcomes"], high["n_firm"], high["share_firm"]) == (1, None, None)


def test_the_satisfaction_to_leave_high_is_where_the_score_is_12(bench):
    pairs = [(i, s) for i in (*EDGES, "6.1", "6.000001") for s in EDGES[::3]]
    told = judged(bench, pairs)
    high = [row for row in told if row["band"] == "HIGH"]
    assert {row["satisfaction_to_leave_high"] for row in told if row["band"] != "HIGH"} == {None}
    assert len(high) > 20
    left = judged(bench, [(str(row["importance"]), str(row["satisfaction_to_leave_high"])) for row in high])
    assert {(row["score"], row["band"]) for row in left} == {(D(12), "MEDIUM")}
    just = [(str(row["importance"]), str(row["satisfaction_to_leave_high"] - D("0.000001"))) for row in high]
    assert {row["band"] for row in judged(bench, just)} == {"HIGH"}


def test_another_scheme_moves_every_band_and_region(bench):
    """The thresholds stand in one place; nothing else in the metric knows one."""
    moved = {"high_above": 14, "medium_from": 9, "extreme_from": 17, "classic_high_from": 13, "consider_from": 11,
             "underserved_above": 13, "table_stakes_from": "7.2"}  # fmt: skip
    chosen = ", ".join(f"cast({value} as decimal(18, 6)) as {name}" for name, value in moved.items())
    pairs = [("8", "2"), ("8", "2.1"), ("8.5", "0"), ("7", "5"), ("7", "5.1"), ("7.2", "7.2"), ("7", "1"), ("8", "5")]
    found = judged(bench, pairs, scheme=f"select 'other' as band_scheme, 'f' as formula, {chosen}")
    assert [row["band"] for row in found] == ["MEDIUM", "MEDIUM", "HIGH", "MEDIUM", "LOW", "LOW", "MEDIUM", "MEDIUM"]
    assert [row["classic_band"] for row in found] == [
        "HIGH", "HIGH", "EXTREME", "NONE", "NONE", "NONE", "HIGH", "CONSIDER",
    ]  # fmt: skip
    assert [row["region"] for row in found] == [
        "underserved", "underserved", "underserved", "appropriately_served", "appropriately_served", "table_stakes",
        "appropriately_served", "appropriately_served",
    ]  # fmt: skip
    assert [row["satisfaction_to_leave_high"] for row in found] == [None, None, D(3), *[None] * 5]


def test_the_summary_of_bands_by_hand(bench):
    pairs = [("10", "0"), ("9", "3"), ("8.5", "3.5"), ("8.5", "6.5"), ("1", "1"), (None, "4"), ("11", "1"), ("2", "5")]
    world = world_of(pairs)
    for n, outcome in enumerate(world["jtbd_outcomes"]):
        outcome["jtbd_id"] = uid("j" if n < 2 else "k" if n < 6 else "nowhere")
    world["jobs_to_be_done"] = [{"id": uid("j")}, {"id": uid("k")}]
    rows = bench.built(world, "metric.band_summary")["metric.band_summary"]
    assert [tuple(row.values()) for row in sorted(rows, key=lambda row: row["place"])] == [
        ("HIGH", 1, 3, 3 / 8, 2, 2 / 3, 2),
        ("MEDIUM", 2, 1, 1 / 8, 1, 1.0, 1),
        ("LOW", 3, 2, 2 / 8, 2, 1.0, 1),
        ("UNSCORED", 4, 2, 2 / 8, None, None, 1),
    ]


def test_the_method_says_how_the_numbers_were_made(bench):
    pairs = [("9", "3"), (None, "3"), ("8", "6")]
    [found] = bench.built(world_of(pairs), "metric.method", tolerance=D("0.7"))["metric.method"]
    assert (found["n_outcomes"], found["n_scored"], found["n_unscored"], found["n_rejected"]) == (3, 2, 1, 0)
    assert (found["snapshot_id"], found["tenant_name"], found["score_tolerance"]) == ("made-up", "Acme", D("0.7"))
    assert (found["band_scheme"], found["high_above"], found["medium_from"]) == ("vital-v1", 12, 8)


def test_the_method_counts_what_was_rejected(bench):
    bench.connection.execute("begin")
    try:
        bench.connection.execute("insert into raw.rejects values ('jtbd_outcomes', 'x', 'importance_score', 'ten')")
        bench.connection.execute("insert into raw.snapshot values (?, ?, ?, ?, ?, ?, ?)", [*worlds.made().values()])
        sqlfile.build(bench.connection, worlds.ordered())
        [found] = worlds.rows(bench.connection, "metric.method")
        assert found["n_rejected"] == 1
    finally:
        bench.connection.execute("rollback")
