"""What changed, Collection progress and Data quality: numbers on the page against plain loops, and honest empty states."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.worlds import ACME, SMALL, TAKEN_AT, publish, uid

from .conftest import html
from .moved import newer


def band(importance: Decimal | None, satisfaction: Decimal | None) -> str:
    if importance is None or satisfaction is None or not (0 <= importance <= 10 and 0 <= satisfaction <= 10):
        return "UNSCORED"
    score = importance + max(importance - satisfaction, Decimal(0))
    return "HIGH" if score > 12 else "MEDIUM" if score >= 8 else "LOW"


def counted() -> tuple[int, int]:
    """How many came into HIGH and how many left it, by hand."""
    before = [band(row["importance_score"], row["satisfaction_score"]) for row in SMALL["jtbd_outcomes"]]
    after = {
        row["outcome_id"]: band(row["importance_score"], row["satisfaction_score"]) for row in newer()["jtbd_outcomes"]
    }
    pairs = [(old, after[f"OUT-{n}"]) for n, old in enumerate(before) if f"OUT-{n}" in after]
    return sum(o != "HIGH" and n == "HIGH" for o, n in pairs), sum(o == "HIGH" and n != "HIGH" for o, n in pairs)


def test_the_page_counts_what_came_into_high_and_what_left_it(app, two):
    test = app(two, "changes.py")
    assert not test.exception
    assert not test.error
    into, out_of = counted()
    assert (into, out_of) == (2, 2)
    said = html(test)
    assert f"{into} outcomes came into HIGH, 2 more are new and HIGH and {out_of} left it since 19 Feb 2026" in said
    assert "<div>Appeared<b>2</b>" in said
    assert "<div>Vanished<b>1</b>" in said
    assert "<div>Moved<b>2</b>" in said
    assert "1 more gained a score" in said
    assert "1 more lost their score" in said
    assert "matched by their id (6)" in said
    assert "new by the code of the job and of the outcome (1)" in said


def test_the_older_snapshot_is_a_choice_of_the_address(app, two):
    default = app(two, "changes.py").selectbox(key="pick_since")
    assert len(default.options) == 2
    assert "10 days before" in default.options[0]
    chosen = app(two, "changes.py", since=sorted(p.stem for p in two.glob("*/*.duckdb"))[1])
    assert not chosen.exception
    assert "since 27 Feb 2026" in html(chosen)
    unknown = app(two, "changes.py", since="snapshot-of-nobody")
    assert "snapshot-of-nobody" in html(unknown)
    assert "since 19 Feb 2026" in html(unknown)


def test_every_kind_of_change_can_be_listed(app, two):
    for kind, n in {"appeared": 2, "vanished": 1, "gained_score": 1, "lost_score": 1}.items():
        test = app(two, "changes.py", kind=kind)
        assert not test.exception
        assert test.dataframe[-1].value.shape[0] == n


def test_the_parts_of_a_change_add_up(app, two):
    table = app(two, "changes.py").dataframe[-1].value
    for _, row in table.iterrows():
        assert row["from importance"] + row["from satisfaction"] == pytest.approx(row["Change"])
        assert row["Score now"] - row["Score before"] == pytest.approx(row["Change"])


def test_a_change_of_method_is_named_and_is_no_movement(app, tmp_path):
    folder = tmp_path / "warehouse" / str(ACME)
    publish(
        folder,
        SMALL,
        told={"taken_at": (TAKEN_AT - timedelta(days=9)).isoformat(), "band_scheme": "made-up-v0", "definitions": "x"},
    )
    publish(folder, SMALL)
    test = app(folder.parent, "changes.py")
    assert not test.exception
    assert "The method is not the same in both snapshots" in [each.value for each in test.header]
    assert "<div>Moved<b>0</b>" in html(test)


def test_one_snapshot_says_why_there_is_nothing_and_how_to_get_a_second(app, small):
    test = app(small, "changes.py")
    assert not test.exception
    assert "No older snapshot that can be read is kept" in test.info[0].value
    assert "`vital-insights refresh acme`" in test.info[0].value
    assert "8 of 8 outcomes shown" in html(test)
    assert "No older snapshot that can be read is kept" in html(app(small))


def test_the_overview_tells_the_same_in_one_line(app, two):
    said = html(app(two))
    into, out_of = counted()
    for n, what in ((into, "into HIGH"), (out_of, "out of HIGH"), (2, "appeared"), (1, "vanished")):
        assert f"<b>{n}</b> {what}" in said


def test_filters_choose_among_the_changes_of_today(app, two):
    said = html(app(two, "changes.py", search="n1"))
    assert "<div>Appeared<b>1</b>" in said
    assert "<div>Vanished<b>0</b>" in said


def test_the_steps_of_a_function_are_counted_with_its_holes(app, small):
    """Field holds one role of two (Rep), which has a persona and a job; neither persona has any evidence."""
    said = html(app(small, "progress.py", unit=str(uid("f2"))))
    assert "<dt>1 Scope</dt><dd>1 of 1, 100%</dd>" in said
    assert "0 of 1, 0%" in said
    assert "1 persona has no evidence" in said


def test_what_the_source_lacks_is_unknown_and_never_0(app, tmp_path):
    lacking = {
        "kind": "missing_table",
        "table_name": "jtbd_gen_ai_opportunities",
        "column_name": None,
        "n": 1,
        "detail": "",
    }
    folder = tmp_path / "warehouse" / str(ACME)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tests.worlds.insert", _without_defaults)
        publish(folder, SMALL | {"findings": [lacking]})
    test = app(folder.parent, "progress.py")
    assert not test.exception
    assert "Unknown: the source lacks jtbd_gen_ai_opportunities" in html(test)


def _without_defaults(connection: duckdb.DuckDBPyConnection, world) -> None:
    """As `worlds.insert`, for raw.findings too, which has no column is_shared."""
    for table, rows in world.items():
        for row in rows:
            told = row if table == "findings" else {"is_shared": False, **row}
            connection.execute(
                f"insert into raw.{table} ({', '.join(told)}) values ({', '.join('?' * len(told))})",
                list(told.values()),
            )


def verdict_of(warehouse: Path, tenant: str) -> list[dict[str, Any]]:
    for pointer in warehouse.glob("*/CURRENT"):
        with duckdb.connect(pointer.parent / f"{pointer.read_text().strip()}.duckdb", read_only=True) as snapshot:
            if snapshot.sql("select slug from raw.tenants").fetchall() == [(tenant,)]:
                return snapshot.sql("select * from quality.verdict").pl().to_dicts()
    raise LookupError(tenant)


def test_failures_stand_first_and_a_link_opens_exactly_its_check(app, demo_warehouse):
    checks = verdict_of(demo_warehouse, "aldermoor")
    failed = [check for check in checks if check["status"] == "failed"]
    test = app(demo_warehouse, "quality.py", tenant="aldermoor")
    assert f"{len(failed):,} of {len(checks):,} data checks failed" in html(test)
    listed = test.dataframe[0].value
    assert list(listed["Result"][: len(failed)]) == ["failed"] * len(failed)
    rule = next(check for check in failed if check["suite"] == "audit" and check["examples"])
    opened = app(demo_warehouse, "quality.py", tenant="aldermoor", check=rule["name"])
    assert not opened.exception
    said = html(opened)
    assert f'<h2 class="name">{rule["name"].removeprefix("audit.").replace("_", " ").capitalize()}</h2>' in said
    assert rule["examples"][0] in said
    assert len(opened.dataframe[1].value) == min(rule["n_failed"], 20)


def test_checks_are_filtered_by_severity_table_and_result(app, demo_warehouse):
    checks = verdict_of(demo_warehouse, "aldermoor")
    n = sum(
        check["severity"] == "info" and check["suite"] == "audit" and check["status"] == "failed" for check in checks
    )
    test = app(demo_warehouse, "quality.py", tenant="aldermoor", severity="info", suite="audit", result="failed")
    assert not test.exception
    assert test.dataframe[0].value.shape[0] == n > 0


def test_what_was_published_anyway_is_said_loudly(app, tmp_path):
    publish(tmp_path / "warehouse" / str(ACME), SMALL, told={"published_anyway": True})
    test = app(tmp_path / "warehouse", "quality.py")
    assert "published although critical checks failed" in test.error[0].value
    assert "never checked" in html(test)


def test_snapshots_that_were_never_checked_are_not_told_in_green(app, tmp_path):
    for _ in range(2):
        publish(tmp_path / str(ACME), SMALL)
    said = html(app(tmp_path, "quality.py"))
    assert "This snapshot was never checked." in said
    assert "No check ran, so there is no answer at all." in said
    assert "Nothing fails" not in said
    assert "Every check ran" not in said
