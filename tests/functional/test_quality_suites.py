"""No check is vacuous: every shipped expectation fails on exactly the row that was spoilt for it, and on no other."""

import subprocess
import sys
from decimal import Decimal
from uuid import UUID

import polars as pl
import pytest

from vital_insights.quality import QualityProcess, load
from vital_insights.settings import shipped
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.vocabulary import WORDS

SUITES = load()
FLOOR = "expect_table_row_count_to_be_between"
NO_GAP_IS_FINE = {"coverage_gaps", "workflow_runs", "solution_reach"}
SUMS = (
    "_add_up", "_within_jobs", "_within_live", "_within_role", "_within_personas", "_within_scored", "_within_high", "_within_barriers",
    "_within_outcomes", "_in_order",
)  # fmt: skip
STEP = Decimal("0.000001")  # the smallest a DECIMAL(18,6) can be off
SCORE, COUNT = pl.Decimal(18, 6), pl.Int64


@pytest.fixture(scope="module")
def process():
    with QualityProcess(deadline=120) as started:
        yield started


SURE = {
    **{name: pl.lit(1, dtype=COUNT) for name in ("rank", "rank_best", "rank_worst")},
    **{name: pl.lit(13).cast(SCORE) for name in ("score_low", "score_high")},
    **{name: pl.lit("HIGH") for name in ("band_low", "band_high")},
}


def opportunity(n):
    """Rows of the metric by hand: the edges of the bands, 12.0 and 8.0 MEDIUM, and an UNSCORED one."""
    D = Decimal
    scores = [
        (D(8), D(3), D(13), "HIGH", "HIGH", "underserved"), (D("8.5"), D(5), D(12), "MEDIUM", "HIGH", "underserved"),
        (D(8), D(8), D(8), "MEDIUM", "NONE", "table_stakes"), (D(5), D(6), D(5), "LOW", "NONE", "overserved"),
        (D(10), D(0), D(20), "HIGH", "EXTREME", "underserved"),
        (D("10.0"), D("9.5"), D("10.5"), "MEDIUM", "CONSIDER", "underserved"),
        (D("7.9"), D("7.9"), D("7.9"), "LOW", "NONE", "appropriately_served"),
        (D(11), D(-1), None, "UNSCORED", "UNSCORED", "UNSCORED"),
    ]  # fmt: skip
    names = {
        "importance": SCORE,
        "satisfaction": SCORE,
        "score": SCORE,
        "band": str,
        "classic_band": str,
        "region": str,
    }
    frame = pl.DataFrame([scores[i % len(scores)] for i in range(n)], schema=names, orient="row")
    return frame.with_columns(
        outcome_id=ids(n), level=pl.lit("outcome"), stored_agrees=pl.lit(value=True),
        **{name: pl.when(pl.col("score").is_not_null()).then(value) for name, value in SURE.items()},
    )  # fmt: skip


def method(n):
    counts = {"n_outcomes": 10, "n_scored": 7, "n_unscored": 3, "n_rejected": 0}
    return pl.DataFrame({"snapshot_id": ids(n)}).with_columns(
        *(pl.lit(value, dtype=COUNT).alias(name) for name, value in counts.items()),
        band_scheme=pl.lit("vital-v1"), formula=pl.lit("i + max(i - s, 0)"), score_tolerance=pl.lit(0.5).cast(SCORE),
    )  # fmt: skip


def band_summary(n):
    counts = {"n_outcomes": 10, "n_firm": 4, "n_jobs": 3}
    return pl.DataFrame({"band": [("HIGH", "MEDIUM", "LOW", "UNSCORED")[i % 4] for i in range(n)]}).with_columns(
        *(pl.lit(value, dtype=COUNT).alias(name) for name, value in counts.items()),
        share_of_outcomes=pl.lit(0.25), share_firm=pl.lit(0.4),
    )  # fmt: skip


def opportunity_by(n):
    counts = {
        "n_outcomes": 10, "n_scored": 7, "n_high": 4, "n_high_firm": 4, "n_medium": 2, "n_low": 1, "n_unscored": 3, "n_underserved": 4,
    }  # fmt: skip
    return pl.DataFrame({"member": ids(n)}).with_columns(
        pl.lit("role").alias("dimension"),
        *(pl.lit(value, dtype=COUNT).alias(name) for name, value in counts.items()),
        mean_score=pl.lit(20.0),
        max_score=pl.lit(20).cast(SCORE),
        total_importance=pl.lit(70).cast(pl.Decimal(38, 6)),
    )


COVERAGE = {
    "role": {"n_jobs": 4, "n_primary": 4, "share_of_live_jobs": 0.4},
    "persona": {"n_jobs": 6, "n_primary": 1, "n_inherited": 3, "n_direct": 2, "n_both": 1, "share_of_live_jobs": 0.6},
    "function": {"n_jobs": 5, "n_with_role": 4, "n_with_primary": 4, "n_personas": 3, "n_personas_with_job": 3,
                 "share_with_role": 0.8, "share_with_primary": 0.8, "share_personas_with_job": 1.0},
    "job": {"n_primary": 1, "n_inherited": 1, "n_direct": 1, "n_both": 0, "n_personas": 2},
}  # fmt: skip


def coverage_by(n):
    names = {name for row in COVERAGE.values() for name in row}
    kinds = list(COVERAGE)
    rows = [{"dimension": kinds[i % 4], "n_live_jobs": 10, **COVERAGE[kinds[i % 4]]} for i in range(n)]
    types = {name: pl.Float64 if name.startswith("share") else COUNT for name in names | {"n_live_jobs"}}
    return pl.DataFrame(rows, schema={"dimension": pl.String, **types}).with_columns(member=ids(n))


def coverage_gaps(n):
    said = {"kind": "role_without_job", "subject_type": "role", "because": "It matters.", "remedy": "Act."}
    return pl.DataFrame({"subject_id": ids(n)}).with_columns(pl.lit(text).alias(name) for name, text in said.items())


def counted(key, n, texts=(), counts=(), shares=()):
    """`n` equal rows with an id each in `key`; texts, counts and shares by column."""
    return pl.DataFrame({key: ids(n)}).with_columns(
        *(pl.lit(text).alias(name) for name, text in dict(texts).items()),
        *(pl.lit(count, dtype=COUNT).alias(name) for name, count in dict(counts).items()),
        *(pl.lit(share).alias(name) for name, share in dict(shares).items()),
    )


def job_completeness(n):
    counts = {"n_parts": 9, "n_present": 3, "n_outcomes": 5, "n_scored_outcomes": 4}
    return counted("job_id", n, counts=counts, shares={"share_present": 1 / 3})


def kpi_attainment(n):
    return counted("kpi_id", n, {"direction": "increase", "unknown_because": "no target"})


def barriers(n):
    counts = {"severity_rank": 4, "n_barriers": 4, "n_jobs": 3, "n_live_jobs": 10, "n_high_outcomes": 2}
    return counted("kind", n, {"barrier": "obstacle", "severity": "critical"}, counts, {"share_of_live_jobs": 0.3})


def collection_progress(n):
    return counted("member", n, {"step_name": "scope"}, {"step": 1, "n_done": 1, "n_total": 2}, {"share": 0.5})


def persona_evidence(n):
    return counted("persona_id", n, {"strength": "fair"}, {"n_kinds": 6})


def ai_opportunity(n):
    return counted("job_id", n, counts={"n_use_cases": 2})


def ai_fit(n):
    made = counted("job_id", n, {"fit": "both"}, {"n_scored": 3, "n_high": 2})
    return made.with_columns(max_score=pl.lit(20).cast(SCORE))


def agent_coverage(n):
    counts = {"n_agents": 3, "n_active": 2, "n_skills": 4, "n_tools": 1, "n_scored": 5, "n_high": 4, "n_jobs": 3, "n_high_jobs": 2,
              "n_high_jobs_with_agent": 1}  # fmt: skip
    return counted("member", n, {"dimension": "role"}, counts, {"share_high_jobs_with_agent": 0.5})


def capability_map(n):
    made = counted("job_id", n, {"level": "job"}, {"n_outcomes": 5, "n_scored": 4, "n_high": 3, "n_low": 1})
    return made.with_columns(domain_id="job_id", capability_id="job_id", max_score=pl.lit(20).cast(SCORE))


def validation_activity(n):
    return counted("subject_id", n, {"subject_type": "job"}, {"n_talks": 3, "n_panels": 2, "n_agreed": 1})


def job_dependencies(n):
    return counted("job_id", n, counts={"n_held_up_in_all": 3, "n_held_up": 2})


def job_workflow(n):
    return counted("job_id", n, counts={"n_activities": 3, "longest_chain": 2})


def persona_completeness(n):
    counts = {"n_kinds": 35, "n_filled": 7, "n_parts": 4, "n_present": 2}
    return counted("persona_id", n, counts=counts, shares={"share_filled": 0.2})


def stakeholder_map(n):
    return counted("persona_id", n, {"kind": "internal_stakeholders"}, {"n_entries": 2, "n_named": 1})


def vpanes(n):
    return counted("persona_id", n, counts={"n_scorings": 1, "n_dimensions": 6})


def tenant_usage(n):
    return counted("role", n, counts={"n_members": 2, "n_members_in_all": 9}, shares={"share_of_members": 0.2})


def job_value(n):
    return counted("job_id", n, counts={"n_value_drivers": 3, "n_quantified": 2})


def job_alternatives(n):
    return counted("job_id", n, counts={"n_alternatives": 3, "n_different": 2})


def workflow_runs(n):
    counts = {"n_runs": 3, "n_timed": 2, "n_approvals": 3, "n_waiting": 1}
    return counted("workflow_id", n, {"status": "completed"}, counts, {"mean_hours": 1.5})


def solution_reach(n):
    return counted("solution_id", n, counts={"n_agents": 3, "n_roles": 2, "n_installations": 1})


def platform_inventory(n):
    return counted("table_name", n, counts={"n_rows": 3})


def raw(table, n):
    """A frame that fits the contract: keys and texts all different, the first word of a vocabulary, 0.5 for numbers."""
    columns = {}
    for column in TABLES[table].columns:
        kind = column.type.__class__.__name__
        if "vocabulary" in column.info:
            columns[column.name] = pl.Series([WORDS[column.info["vocabulary"]][0]] * n)
        elif kind == "Numeric":
            columns[column.name] = pl.Series([Decimal("0.5")] * n).cast(SCORE)
        elif kind == "Uuid":
            columns[column.name] = ids(n, salt=len(columns))
        else:
            columns[column.name] = pl.Series([f"{column.name} {i}" for i in range(n)])
    return pl.DataFrame(columns)


def ids(n, salt=0):
    return pl.Series([str(UUID(int=(salt << 64) + i)) for i in range(n)])


def good(suite):
    n = 8 * len(suite.expectations)
    made = raw(suite.name, n) if suite.table.startswith("raw.") else globals()[suite.name](n)
    return made.select(suite.columns)


def spoil(expectation, rows, free):
    """Break `rows` for one expectation in the first free row where it applies; returns the positions broken."""
    kwargs, kind = expectation.kwargs, expectation.type
    condition = kwargs.get("row_condition", {}).get("pass_through_filter")
    if kind == "expect_column_values_to_be_null" and "band" not in (condition or ""):
        condition = None  # the row condition is itself the rule: no good row meets it
    needed = () if condition else expectation.columns
    at = next(i for i in free if applies(rows[i], condition, needed))
    row, column = rows[at], kwargs.get("column")
    match kind:
        case "expect_column_values_to_not_be_null":
            row[column] = None
        case "expect_column_values_to_be_null":
            row[column] = 5 if row[column] is None else row[column] + 1
        case "expect_column_values_to_match_regex":
            row[column] = " \t"
        case "expect_column_values_to_be_in_set":
            row[column] = not row[column] if isinstance(row[column], bool) else "no such word"
        case "expect_column_values_to_be_between" if "max_value" in kwargs:
            row[column] = just_beyond(row[column], kwargs["max_value"], +STEP, kwargs.get("strict_max"))
        case "expect_column_values_to_be_between":
            row[column] = just_beyond(row[column], kwargs["min_value"], -STEP, kwargs.get("strict_min"))
        case "expect_column_pair_values_a_to_be_greater_than_b":
            row[kwargs["column_B"]] = row[kwargs["column_A"]] + 1
        case "expect_column_values_to_be_unique" | "expect_compound_columns_to_be_unique":
            twin = next(i for i in free if i > at and applies(rows[i], None, expectation.columns))
            for name in kwargs.get("column_list", [column]):
                row[name] = rows[twin][name]
            return {at, twin}
    return {at}


def applies(row, condition, columns):
    if condition is None:
        return all(row[name] is not None for name in columns)
    return eval(condition, {}, row)  # the suites' own conditions read the same in Python


def just_beyond(value, bound, step, strict):
    if isinstance(value, int):
        return bound + (1 if step > 0 else -1)
    return type(value)(bound) + (0 if strict else type(value)(step))


def broken(expectation, row):
    """Whether a row breaks a rule on several counts, by plain Python."""
    kwargs = expectation.kwargs
    if "column_A" in kwargs:
        a, b = row[kwargs["column_A"]], row[kwargs["column_B"]]
        return a is not None and b is not None and a < b
    known = {name: row[name] for name in expectation.columns}
    return None not in known.values() and eval(kwargs["row_condition"]["pass_through_filter"], {}, known)


def key_of(suite, row):
    return " / ".join("NULL" if row[name] is None else row[name] for name in suite.key)[:120]


def judged(process, suite, frame):
    return {c.name: c for c in process.check([suite], lambda _, columns: frame.select(columns))}


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_every_expectation_fails_on_its_own_row_and_no_other(process, suite):
    frame = good(suite)
    rows, spoilt = frame.to_dicts(), {}
    free = sorted(range(len(rows)), key=lambda at: rows[at].get("score", 0) is None)  # few checks want an unscored row
    by_row = [each for each in suite.expectations if each.type != FLOOR and "mostly" not in each.kwargs]
    for expectation in by_row:
        spoilt[expectation.name] = spoil(expectation, rows, free)
        free = [position for position in free if position not in spoilt[expectation.name]]
    found = judged(process, suite, pl.DataFrame(rows, schema=frame.schema))
    for expectation in by_row:
        check = found[expectation.name]
        expected = spoilt[expectation.name]
        if expectation.name.endswith(SUMS):  # a count spoilt for another check is in the sum as well
            related = [e.name for e in by_row if set(e.columns) & set(expectation.columns) - set(suite.key)]
            expected = {at for at in set().union(*map(spoilt.get, related)) if broken(expectation, rows[at])}
            assert expected >= spoilt[expectation.name]
        assert (check.status, check.n_failed, check.n_total) == ("failed", len(expected), len(rows)), check
        assert set(check.examples) == {key_of(suite, rows[position]) for position in expected}, check
        assert check.severity == expectation.severity
        assert check.share == len(expected) / len(rows)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_an_empty_table_fails_its_row_floor_and_nothing_else(process, suite):
    found = judged(process, suite, good(suite).clear())
    failed = [check for check in found.values() if check.status != "passed"]
    if suite.name in NO_GAP_IS_FINE:
        assert failed == []
    else:
        assert [(check.expectation, check.severity, check.observed) for check in failed] == [(FLOOR, "info", "0")]


@pytest.mark.parametrize(
    ("band", "score", "name"),
    [
        ("HIGH", "12", "high_above_12"),
        ("MEDIUM", "12.000001", "medium_8_to_12"),
        ("MEDIUM", "7.999999", "medium_8_to_12"),
        ("LOW", "8", "low_below_8"),
        ("HIGH", "20.000001", "score_in_range"),
        ("LOW", "-0.000001", "score_in_range"),
        ("UNSCORED", "0", "unscored_has_no_score"),
        ("LOW", None, "banded_has_a_score"),
        ("EXTREME", "16", "band_known"),
        (None, "16", "band_present"),
        ("HIGH", "12.000001", None),
        ("MEDIUM", "12", None),
        ("MEDIUM", "8", None),
        ("LOW", "7.999999", None),
        ("UNSCORED", None, None),
    ],
)
def test_a_row_in_the_wrong_band_is_critical(process, band, score, name):
    (suite,) = (suite for suite in SUITES if suite.name == "opportunity")
    wrong = (
        opportunity(8)
        .head(1)
        .with_columns(
            band=pl.lit(band, dtype=pl.String),
            score=pl.lit(score and Decimal(score), dtype=SCORE),
            outcome_id=pl.lit("wrong"),
        )
    )
    found = judged(process, suite, pl.concat([opportunity(7), wrong]))
    failed = {(c.name, c.severity, c.examples) for c in found.values() if c.status == "failed"}
    assert failed == ({(f"opportunity.{name}", "critical", ("wrong",))} if name else set())


def test_a_mostly_unscored_ranking_is_noted(process):
    (suite,) = (suite for suite in SUITES if suite.name == "opportunity")
    unscored = opportunity(8).filter(pl.col("band") == "UNSCORED")
    for extra, status in ((1, "passed"), (2, "failed")):
        more = [unscored.with_columns(outcome_id=pl.lit(f"x{i}")) for i in range(extra)]
        one = opportunity(8).filter(pl.col("band") == "HIGH").head(1)
        found = judged(process, suite, pl.concat([one, *more]))
        assert found["opportunity.half_is_scored"].status == status
        assert {c.name for c in found.values() if c.status == "failed"} <= {"opportunity.half_is_scored"}


def test_great_expectations_own_tools_open_the_same_suites(tmp_path):
    script = tmp_path / "open_suites.py"  # a file: with PySpark beside it, the import ends a `python -c` in silence
    script.write_text("""
import json, pathlib, sys, warnings
import great_expectations as gx
context = gx.get_context(mode="ephemeral")
warnings.simplefilter("error")  # also what a suite is warned about today will be gone tomorrow
for path in pathlib.Path(sys.argv[1]).glob("*.json"):
    document = json.loads(path.read_text(encoding="utf-8"))
    suite = context.suites.add(gx.ExpectationSuite(**document))
    print(path.stem, len(suite.expectations) == len(document["expectations"]))
""")
    ran = subprocess.run(
        [sys.executable, str(script), str(shipped("expectations"))],
        capture_output=True, text=True, env={"GX_ANALYTICS_ENABLED": "false", "PATH": ""}, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert sorted(ran.stdout.splitlines()) == sorted(f"{suite.name} True" for suite in SUITES)
