"""The inventory says of every table of the contract what stands behind it, and of what is absent that it is absent."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from tests.tenancy import lab
from vital_insights import insights
from vital_insights.settings import Settings
from vital_insights.source.contract import LOOKUPS, TABLES

ACME = uuid4()
NAMED = Path(__file__).with_name("tables.csv")  # every table that the schema documents name


@pytest.fixture(scope="module")
def source(new_database) -> str:
    url = lab.planted(new_database(), ACME)
    lab.run(url, "drop table votes", "alter table workflow_execution_steps rename to workflow_steps")
    return url


def test_every_table_of_the_documents_is_in_the_contract():
    named = {
        row["table"]
        for row in csv.DictReader(NAMED.read_text(encoding="utf-8").splitlines())
        if row["area"] != "external"
    }
    known = {*TABLES, *LOOKUPS, *(table.info["also"] for table in TABLES.values() if table.info["also"])}
    assert known == named
    assert (len(named), len(TABLES) + len(LOOKUPS)) == (155, 154)


def test_a_row_a_table_present_or_absent(source):
    told = {row["table_name"]: row for row in lab.pull(source, ACME).dicts("inventory")}
    assert set(told) == set(TABLES)
    for name, table in TABLES.items():
        row, tally = told[name], table.info["tally"]
        assert row["how"] == ("counts" if tally else "rows"), name
        if name in ("votes", "vote_records"):
            continue
        assert (row["is_present"], row["n_rows"]) == (True, 1), name
        made = lab.VALUES["timestamptz"]
        dated = "updated_at" in table.c or (tally and tally.daily)
        midnight = dt.datetime.combine(made.date(), dt.time(), dt.UTC)
        assert row["newest_change"] == ((midnight if tally else made) if dated else None), name
    assert (told["votes"]["is_present"], told["votes"]["n_rows"]) == (False, None)
    assert (told["vote_records"]["is_present"], told["vote_records"]["n_rows"]) == (True, 1)  # by its own tenant_id


@pytest.mark.parametrize("slug", ["aldermoor", "quillmark"])
def test_the_metric_counts_what_the_snapshot_holds(demo_warehouse, slug):
    with insights.open_tenant(slug, settings=Settings(warehouse=demo_warehouse)) as opened:
        found = opened.metric("platform_inventory").to_dicts()
        path = opened.snapshot.path
    assert {row["table_name"] for row in found} == set(TABLES)
    with duckdb.connect(str(path), read_only=True) as duck:
        for row in found:
            n = "coalesce(sum(n), 0)" if row["how"] == "counts" else "count(*)"
            assert duck.execute(f"select {n} from raw.{row['table_name']}").fetchone() == (row["n_rows"],)
            assert row["absent_because"] is None
