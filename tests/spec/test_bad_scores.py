"""Scores that are bad by construction never get a band: through the load, with its casts and rejects, into the metric."""

import random
from decimal import Decimal

import duckdb
import pytest

from tests import worlds
from tests.worlds import uid
from vital_insights.source.contract import TABLES
from vital_insights.source.copy import Carried, Extract, absent
from vital_insights.warehouse import load, sqlfile, writer

NO_SCORE = [
    None, "NaN", "nan", "Infinity", "-Infinity", "inf", "-0.1", "-1e3", "10.000001", "10.1", "11", "100", "9999999999999",
    "1e400", "high", "8,5", "8.5/10", "0x8", "", "-", "true", "8.12345678", "٨", "8 9", "null", "'", "１０",
]  # fmt: skip
GOOD = ["0", "0.0", "4.6", "8.3", "10", "10.000000", "7.25"]


def stream(pairs):
    """Outcomes as they travel where a score's type cannot be trusted: every value a text."""

    def field(value):
        return "" if value is None else '"' + value.replace('"', '""') + '"'

    rows = [f"{uid(str(n))},{field(i)},{field(s)},false\n".encode() for n, (i, s) in enumerate(pairs)]
    batches = (rows[n : n + 500] for n in range(0, len(rows), 500))
    columns = [
        Carried("id", "uuid", False),
        *(Carried(name, "decimal", True) for name in ("importance_score", "satisfaction_score")),
    ]
    present = {column.name for column in columns}
    columns += [
        Carried(c.name, c.kind, False, present=False) for c in absent("jtbd_outcomes").columns if c.name not in present
    ]
    counted = {"id": len(pairs)} | {
        name: sum(pair[side] is not None for pair in pairs)
        for side, name in enumerate(("importance_score", "satisfaction_score"))
    }
    return Extract("jtbd_outcomes", tuple(columns), ("id",), None, len(pairs), counted, {}, (), batches)


def metric(pairs):
    with duckdb.connect() as connection:
        load.prepare(connection)
        connection.execute(writer._SNAPSHOT)
        for name in TABLES:
            load.load(connection, stream(pairs) if name == "jtbd_outcomes" else absent(name), worlds.ACME)
        sqlfile.build(connection, worlds.ordered())
        return worlds.rows(connection, "metric.opportunity"), worlds.rows(connection, "metric.opportunity_by")


@pytest.fixture(scope="module")
def bad(counts):
    chance = random.Random(5)
    n = counts(1000, 10_000)
    sides = [(chance.choice(NO_SCORE), chance.choice(NO_SCORE + GOOD)) for _ in range(n)]
    return [pair if chance.random() < 0.5 else pair[::-1] for pair in sides]


def test_no_bad_score_is_banded(bad):
    rows, by = metric(bad)
    assert len(rows) == len(bad)
    banded = [row for row in rows if (row["score"], row["gap"], row["rank"]) != (None, None, None)]
    assert banded == []
    assert {row[column] for row in rows for column in ("band", "classic_band", "region")} == {"UNSCORED"}
    for row in by:
        assert (row["n_outcomes"], row["n_unscored"]) == (len(bad), len(bad))
        assert [row[c] for c in ("mean_score", "max_score", "total_importance", "top_outcome_id")] == [None] * 4


def test_good_scores_beside_them_are(bad):
    """The control: the same way, good scores, every one banded."""
    good = [(i, s) for i in GOOD for s in GOOD]
    rows, _ = metric(good + bad[:50])
    banded = {row["outcome_id"]: row["score"] for row in rows if row["band"] != "UNSCORED"}
    assert banded == {
        uid(str(n)): Decimal(i) + max(Decimal(i) - Decimal(s), Decimal(0)) for n, (i, s) in enumerate(good)
    }
