"""Suites are read strictly: what is misspelt is refused, by file and with the nearest word."""

import copy
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import vital_insights
from vital_insights.errors import QualityError
from vital_insights.quality import load
from vital_insights.quality.child import exception_name
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.vocabulary import WORDS

GOOD = {
    "name": "personas",
    "meta": {"table": "raw.personas", "key": ["id"]},
    "expectations": [
        {
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "role_id"},
            "severity": "warning",
            "meta": {"because": "A persona without a role inherits no job."},
        }
    ],
}


def write(folder, document, name="personas.json"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return folder


def changed(*path, to=None):
    """GOOD with one thing replaced, or taken away where `to` is None."""
    document = copy.deepcopy(GOOD)
    place = document
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return document


def test_a_good_suite_is_read(tmp_path):
    (suite,) = load(write(tmp_path, GOOD))
    assert (suite.name, suite.table, suite.key, suite.columns) == (
        "personas",
        "raw.personas",
        ("id",),
        ("id", "role_id"),
    )
    (expectation,) = suite.expectations
    assert expectation.name == "personas.role_id.column_values_to_not_be_null"
    assert (expectation.severity, expectation.about) == ("warning", "role_id")


FIRST = ("expectations", 0)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "personas.json is not a suite"),
        ("[]", "must be an object"),
        (changed("meta"), "meta of the suite must be an object"),
        (changed("meta", "table"), 'needs "table"'),
        (changed("meta", "table", to="personas"), 'needs "table"'),
        (changed("meta", "key"), 'needs "key"'),
        (changed("meta", "key", to="id"), 'needs "key"'),
        (changed("meta", "tabel", to="raw.x"), "'tabel'.*did you mean table"),
        (changed("expectatons", to=[]), "'expectatons'.*did you mean expectations"),
        (changed("expectations"), '"expectations" must be a list'),
        (changed("expectations", to=[]), '"expectations" must be a list'),
        (changed(*FIRST, to=7), "Expectation 1 must be an object"),
        (changed(*FIRST, "type"), 'needs a "type"'),
        (changed(*FIRST, "kwarg", to={}), "'kwarg'.*did you mean kwargs"),
        (changed(*FIRST, "kwargs", to=[]), "kwargs of Expectation 1 .* must be an object"),
        (changed(*FIRST, "severity"), "needs a severity"),
        (changed(*FIRST, "severity", to="critcal"), "unknown severity 'critcal'.*did you mean critical"),
        (changed(*FIRST, "meta"), "meta of Expectation 1 .* must be an object"),
        (changed(*FIRST, "meta", "because"), 'needs "because"'),
        (changed(*FIRST, "meta", "because", to=" "), 'needs "because"'),
        (changed(*FIRST, "meta", "becuase", to="x"), "'becuase'.*did you mean because"),
        (changed(*FIRST, "kwargs", "column", to=[1]), "columns .* cannot be understood"),
        (changed(*FIRST, "kwargs", "row_condition", to="a =="), "row_condition .* cannot be understood"),
        (changed(*FIRST, "kwargs", "row_condition", to={"typ": "x"}), "row_condition .* cannot be understood"),
        (changed("expectations", to=GOOD["expectations"] * 2), "already the name"),
    ],
)
def test_a_bad_suite_is_refused_by_file_and_reason(tmp_path, document, said):
    with pytest.raises(QualityError, match=f"(?s){said}") as refused:
        load(write(tmp_path, document))
    assert str(tmp_path / "personas.json") in str(refused.value)


def test_one_suite_name_in_two_folders_is_refused(tmp_path):
    with pytest.raises(QualityError, match="already the name"):
        load(write(tmp_path / "a", GOOD), write(tmp_path / "b", GOOD))


def test_two_folders_take_part_alike(tmp_path):
    loaded = load(write(tmp_path / "a", GOOD), write(tmp_path / "b", GOOD, "another.json"))
    assert [suite.name for suite in loaded] == ["another", "personas"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(QualityError, match="no folder of suites"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "condition",
    [
        "a + b != c",
        {"type": "pass_through", "pass_through_filter": "a > b and not c"},
        {
            "type": "and",
            "conditions": [
                {"type": "comparison", "column": {"name": "a"}, "operator": "==", "parameter": 1},
                {"type": "or", "conditions": [{"type": "nullity", "column": {"name": n}} for n in "bc"]},
            ],
        },
    ],
)
def test_a_row_condition_brings_its_columns(tmp_path, condition):
    (suite,) = load(write(tmp_path, changed(*FIRST, "kwargs", "row_condition", to=condition)))
    assert set(suite.columns) == {"id", "role_id", "a", "b", "c"}


RAW = [suite for suite in load() if suite.table.startswith("raw.")]


METRICS = {"opportunity", "opportunity_by", "coverage_by", "coverage_gaps", "method", "band_summary"}


def test_every_table_that_is_read_and_every_first_metric_has_a_suite():
    """A tally is grouped at the source: there is no row of it to judge."""
    read = {name for name, table in TABLES.items() if not table.info["tally"]}
    assert {suite.name for suite in RAW} == read
    assert {suite.name for suite in load()} >= METRICS


@pytest.mark.parametrize("suite", load(), ids=lambda suite: suite.name)
def test_a_shipped_suite_is_named_after_its_table(suite):
    assert suite.table.split(".")[1] == suite.name == json.loads(suite.path.read_text(encoding="utf-8"))["name"]


@pytest.mark.parametrize("suite", RAW, ids=lambda suite: suite.name)
def test_a_raw_suite_names_columns_that_the_extraction_reads(suite):
    declared = TABLES[suite.name]
    read = {column.name for column in declared.columns if column.info["level"] != "private"}
    assert set(suite.columns) <= read


@pytest.mark.parametrize("suite", RAW, ids=lambda suite: suite.name)
def test_vocabularies_are_in_step_with_the_contract(suite):
    owned = {c.name: set(WORDS[c.info["vocabulary"]]) for c in TABLES[suite.name].columns if "vocabulary" in c.info}
    checked = {e.about: set(e.kwargs["value_set"]) for e in suite.expectations if "value_set" in e.kwargs}
    assert checked == owned


BOUNDS = {
    "importance_score": (0, 10), "satisfaction_score": (0, 10), "opportunity_score": (0, 20), "validation_score": (0, 1),
    "relevance_score": (0, 1), "importance": (0, 10), "satisfaction": (0, 10), "rank": (1, None), "rank_best": (1, None),
    "score_low": (0, 20), "score_high": (0, 20), "score_tolerance": (0, 10), "mean_score": (0, 20), "max_score": (0, 20),
    "total_importance": (0, None), "severity_rank": (1, 4), "step": (1, 7),
}  # fmt: skip
OF_ONE_METRIC = {
    ("barriers", "n_jobs"): (1, None),
    ("job_completeness", "n_parts"): (0, 9),
    ("persona_evidence", "n_kinds"): (0, 6),
    ("vpanes", "n_dimensions"): (0, 6),
    ("workflow_runs", "mean_hours"): (0, None),
}
SETS = {
    "level": {"outcome", "job"},
    "dimension": {"role", "department", "function", "job"},  # of agent_coverage; the others have fourteen and more
    "band": {"HIGH", "MEDIUM", "LOW", "UNSCORED"},
    "classic_band": {"EXTREME", "HIGH", "CONSIDER", "NONE", "UNSCORED"},
    "region": {"UNSCORED", "underserved", "table_stakes", "overserved", "appropriately_served"},
    "stored_agrees": {True},
    "band_low": {"HIGH", "MEDIUM", "LOW"},
    "band_high": {"HIGH", "MEDIUM", "LOW"},
    "barrier": {"obstacle", "constraint"},
    "fit": {"need_without_ai", "ai_without_need", "both", "neither"},
    "strength": {"strong", "fair", "thin", "none"},
    "direction": {"increase", "decrease"},
    "unknown_because": {
        "the source lacks target_value or current_value",
        "not a number",
        "no target",
        "no current value",
        "direction not stated",
        "direction not understood",
    },
    "step_name": {"scope", "personas", "evidence", "jobs", "enrichment", "ai_opportunities", "validation"},
}


def bounds_of(suite, column):
    """Shares run from 0 to 1 and counts from 0, whatever they count."""
    told = OF_ONE_METRIC.get((suite, column), BOUNDS.get(column))
    return told or ((0, 1) if column.startswith("share") else (0, None) if column.startswith("n_") else None)


def test_ranges_and_words_are_the_method_s_own():
    ranges = {
        (suite.name, each.about): (each.kwargs.get("min_value"), each.kwargs.get("max_value"))
        for suite in load()
        for each in suite.expectations
        if each.type == "expect_column_values_to_be_between" and each.about != "score"  # edges: functional
    }
    assert ranges == {told: bounds_of(*told) for told in ranges}
    assert {column for _, column in ranges} >= set(BOUNDS)
    metric = [each for suite in load() if suite.table.startswith("metric.") for each in suite.expectations]
    assert {e.about: set(e.kwargs["value_set"]) for e in metric if "value_set" in e.kwargs} == SETS


def test_no_source_data_can_stop_publishing_but_rows_that_cannot_be_counted():
    critical = {each.type for suite in RAW for each in suite.expectations if each.severity == "critical"}
    assert critical == {"expect_column_values_to_not_be_null", "expect_column_values_to_be_unique"}
    floors = [e for suite in load() for e in suite.expectations if e.type == "expect_table_row_count_to_be_between"]
    assert {each.severity for each in floors} == {"info"}


@pytest.mark.parametrize("suite", [s for s in load() if s.table.startswith("metric.")], ids=lambda suite: suite.name)
def test_a_metric_suite_names_columns_of_its_metric(suite):
    sql = (Path(vital_insights.__file__).parent / "metrics" / f"{suite.name}.sql").read_text(encoding="utf-8")
    header = tomllib.loads(sql.partition("*/")[0].partition("/*")[2])
    assert set(suite.columns) <= set(header["columns"])
    assert list(suite.key) == header["grain"]


@pytest.mark.parametrize("wrap", [lambda info: info, lambda info: {"column_values.between (an id)": info}])
def test_of_an_exception_only_the_name_of_a_real_type_comes_out(wrap):
    trace = (
        "Traceback (most recent call last):\n  File x, line 1\ndecimal.InvalidOperation: Erika said\nErika: yes\nErika"
    )
    info = {"raised_exception": True, "exception_traceback": trace, "exception_message": "Erika said"}
    assert exception_name(wrap(info)) == "InvalidOperation"
    assert exception_name(wrap(info | {"exception_traceback": "Erika: no"})) == "Exception"
    assert exception_name(wrap({"raised_exception": False})) is None


def test_importing_the_room_loads_nothing_heavy():
    code = "import sys, vital_insights.quality as q; q.load(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"great_expectations", "pandas", "polars", "pyarrow", "numpy"} & set(loaded)
