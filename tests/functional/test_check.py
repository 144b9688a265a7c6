"""`check` as people and CI meet it: stored, again, over time; every format, every exit code, and a file that is whole or not there."""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as Tree

import jsonschema
import pytest

import vital_insights as vi
from tests import worlds
from vital_insights import insights
from vital_insights.quality.verdict import Check, Verdict
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot, writer

DOCUMENT = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")


def checked(**statuses: str) -> Verdict:
    """A verdict by hand: `ids="critical failed"`; a number after it says how many rows."""
    return Verdict(tuple(one(name, *words.split()) for name, words in statuses.items()))


def one(name: str, severity: str, status: str, n: str = "3") -> Check:
    failed = status == "failed"
    return Check(
        "jobs", "raw.jobs", f"jobs.{name}", "expect_column_values_to_be_unique", "id", severity, status, "It matters.",
        observed=f"{n} of 9 rows" if failed else None, n_failed=int(n) if failed else None, n_total=9,
        examples=("j1", "j2 / NULL") if failed else (), seconds=0.01, reason="ValueError" if status == "errored" else None,
    )  # fmt: skip


def publish(folder: Path, verdict: Verdict, *, refused: bool = False, **told: object) -> str:
    """A snapshot that holds a verdict and nothing else, made by the steps of a refresh; its id."""
    with snapshot.exclusive(folder):
        name = snapshot.new_name(folder)
        with writer.writing(folder, name) as file:
            file._connection.execute("create schema model; create schema metric")
            file.keep("quality.verdict", verdict.frame())
            tenant = {"id": str(worlds.ACME), "slug": "acme", "name": "Acme", "status": "active"}
            at = {"taken_at": "2026-03-01T06:00:00+00:00", "published_anyway": False}
            file.seal({"tenant": tenant, "rows": file.rows(), **at, **told})
        return snapshot.publish(file.path, folder, name, refused=refused).stem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warehouse" / str(worlds.ACME)


@pytest.mark.parametrize(
    ("statuses", "codes"),
    [
        ({"a": "critical passed", "b": "info passed"}, (0, 0, 0)),
        ({"a": "critical failed"}, (1, 1, 1)),
        ({"a": "warning failed", "b": "critical passed"}, (0, 1, 1)),
        ({"a": "info failed", "b": "critical not_applicable"}, (0, 0, 1)),
        ({"a": "critical not_applicable"}, (0, 0, 0)),
        ({"a": "info errored"}, (3, 3, 3)),
        ({"a": "warning errored", "b": "critical failed"}, (3, 3, 3)),
    ],
)
def test_the_exit_code_says_passed_failed_or_could_not_run(statuses, codes, folder, run):
    publish(folder, checked(**statuses))
    for severity, code in zip(("critical", "warning", "info"), codes, strict=True):
        for format in ("table", "json", "junit", "github"):
            assert run("check", "acme", "--fail-on", severity, "--format", format)[0] == code
    assert run("check", "acme")[0] == codes[0]


ALL = {
    "ids": "critical failed 2",
    "codes": "warning failed",
    "names": "info failed",
    "dates": "info passed",
    "roles": "warning not_applicable",
}


def test_every_format_tells_the_same(folder, run, tmp_path):
    build = publish(folder, checked(**ALL))
    rows = json.loads(run("check", "acme", "--format", "json")[1])
    assert [(row["name"], row["severity"], row["status"]) for row in rows] == [
        (f"jobs.{name}", *words.split()[:2]) for name, words in ALL.items()
    ]
    told = run("check", "acme")[1]
    assert all(f"jobs.{name}" in told for name in ("ids", "codes", "names"))
    assert "jobs.dates" not in told
    assert f"1 of 5 checks passed; 3 failed (1 critical, 1 warning, 1 info); 1 did not apply. (acme {build})" in told
    root = Tree.fromstring(run("check", "acme", "--format", "junit", "--fail-on", "warning")[1].encode())
    assert (root.get("name"), root.get("tests"), root.get("failures")) == (f"acme {build}", "5", "2")
    lines = run("check", "acme", "--format", "github")[1].splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]
    assert f"title=acme {build}%3A jobs.ids::2 of 9 rows. It matters. Rows: j1, j2 / NULL" in lines[0]


def test_json_is_as_documented_and_the_document_forbids_what_is_not(folder, run):
    (schema,) = (
        json.loads(block) for block in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL) if '"$schema"' in block
    )
    publish(folder, checked(**ALL, odd="info errored"))
    rows = json.loads(run("check", "acme", "--format", "json")[1])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(rows, schema)
    for spoilt in ({"status": "skipped"}, {"severity": "grave"}, {"n_failed": "2"}, {"more": 1}, {"examples": [1]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate([{**rows[0], **spoilt}], schema)
    for name in rows[0]:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate([{each: value for each, value in rows[0].items() if each != name}], schema)


def test_the_newest_build_is_told_also_when_it_was_refused(folder, run):
    served = publish(folder, checked(ids="critical passed"))
    refused = publish(folder, checked(ids="critical failed"), refused=True)
    code, told, _ = run("check", "acme")
    assert (code, f"(acme {refused})" in told, "REFUSED" in told) == (1, True, True)
    code, told, _ = run("check", "acme", "--snapshot", served)
    assert (code, f"(acme {served})" in told, "REFUSED" in told) == (0, True, False)
    with insights.open_tenant("acme", settings=Settings(warehouse=folder.parent)) as opened:
        assert opened.snapshot.id == served
    assert vi.check("acme", settings=Settings(warehouse=folder.parent)).failed()
    assert not vi.check("acme", settings=Settings(warehouse=folder.parent), snapshot_id=served).failed()


def test_what_was_published_anyway_says_so(folder, run):
    publish(folder, checked(ids="critical failed"), published_anyway=True)
    code, told, _ = run("check", "acme")
    assert (code, "published although critical checks failed" in told) == (1, True)


def test_the_stored_verdict_needs_no_great_expectations(folder, tmp_path):
    publish(folder, checked(**ALL))
    code = "import sys, atexit; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); from vital_insights.cli import main; main()"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VITAL_")}
    words = [sys.executable, "-c", code, "check", "acme", "--history"]
    done = subprocess.run(words, cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=300)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert done.returncode == 1
    assert "duckdb" in loaded
    assert not loaded & {"great_expectations", "pandas", "psycopg", "sqlalchemy", "streamlit", "plotly"}


DAYS = [datetime(2026, 3, day, 6, tzinfo=UTC) for day in (1, 2, 3, 4)]


@pytest.fixture
def builds(folder):
    """Four builds, the third refused: ids break there and are mended, codes go on failing, dates begin to, names are mended."""
    stories = {
        "ids": ("passed", "passed", "failed 1", "passed"),
        "codes": ("passed", "failed 2", "failed 3", "failed 4"),
        "dates": ("passed", "passed", "passed", "failed 5"),
        "names": ("failed 6", "failed 6", "passed", "passed"),
    }
    severities = {"ids": "critical", "codes": "warning", "dates": "info", "names": "warning"}
    return [
        publish(
            folder, checked(**{name: f"{severities[name]} {story[n]}" for name, story in stories.items()}),
            refused=n == 2, taken_at=DAYS[n].isoformat(),
        )
        for n in range(4)
    ]  # fmt: skip


def fates(rows) -> dict[str, tuple[object, ...]]:
    return {row["name"]: (row["change"], row["since"], row["n_failed_before"], row["n_failed"]) for row in rows}


def test_history_tells_new_fixed_and_failing_since_when(builds, folder, run):
    settings = Settings(warehouse=folder.parent)
    expected = [
        {"jobs.names": ("new", DAYS[0], None, 6)},
        {"jobs.codes": ("new", DAYS[1], None, 2), "jobs.names": ("failing", DAYS[0], 6, 6)},
        {"jobs.ids": ("new", DAYS[2], None, 1), "jobs.codes": ("failing", DAYS[1], 2, 3), "jobs.names": ("fixed", DAYS[2], 6, None)},
        {"jobs.ids": ("fixed", DAYS[3], 1, None), "jobs.codes": ("failing", DAYS[1], 3, 4), "jobs.dates": ("new", DAYS[3], None, 5)},
    ]  # fmt: skip
    for build, told in zip(builds, expected, strict=True):
        with insights.open_tenant("acme", settings=settings, snapshot_id=build) as opened:
            assert fates(opened.history().to_dicts()) == told
        rows = json.loads(run("check", "acme", "--snapshot", build, "--history", "--format", "json")[1])
        assert fates(rows) == {name: (change, at.isoformat(), *n) for name, (change, at, *n) in told.items()}
    code, said, _ = run("check", "acme", "--history")
    assert code == 0
    assert "Against the build before: 1 new, 1 failing, 1 fixed, 0 gone." in said
    assert "jobs.codes  since 02 Mar 2026 06:00 UTC  3 → 4" in said


def test_history_passes_over_a_build_that_can_no_longer_be_read(builds, folder):
    for build in (builds[0], builds[2]):
        path = folder / f"{build}.duckdb"
        path.chmod(0o600)
        path.write_bytes(path.read_bytes()[:-1])
    with insights.open_tenant("acme", settings=Settings(warehouse=folder.parent)) as opened:
        assert fates(opened.history().to_dicts()) == {
            "jobs.codes": ("failing", DAYS[1], 2, 4), "jobs.dates": ("new", DAYS[3], None, 5), "jobs.names": ("fixed", DAYS[3], 6, None),
        }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--live", "--rerun"), "--live looks at the source"),
        (("--live", "--snapshot", "x"), "--live looks at the source"),
        (("--live", "--history"), "--live looks at the source"),
        (("--history", "--rerun"), "nothing to rerun"),
        (("--history", "--format", "junit"), "no history as junit"),
        (("--history", "--format", "github"), "no history as github"),
        (("--fail-on", "grave"), "--fail-on"),
        (("--format", "xml"), "--format"),
        (("--snapshot", "snapshot-2026"), "There is no snapshot 'snapshot-2026'"),
        (("--snapshot", "../x"), "There is no snapshot '../x'"),
        (("-o", "nowhere/checks.xml"), "nowhere/checks.xml cannot be written"),
        (("-o", "."), "cannot be written"),
        (("-o", "/dev/null"), "/dev/null cannot be written"),
    ],
)
def test_a_mistake_is_told_before_any_work(words, said, folder, run):
    publish(folder, checked(**ALL))
    code, told, error = run("check", "acme", *words)
    assert (code, told, said in error) == (2, "", True)


def test_a_file_that_cannot_be_written_is_told_before_the_tenant_is_looked_for(run):
    assert run("check", "nobody", "-o", "nowhere/checks.json")[0] == 2
    assert run("check", "nobody", "-o", "checks.json")[0] == 13


@pytest.mark.parametrize("format", ["table", "json", "junit", "github"])
def test_a_file_holds_what_would_have_been_printed(format, folder, run, tmp_path):
    publish(folder, checked(**ALL))
    printed = run("check", "acme", "--format", format)[1]
    (tmp_path / "link").symlink_to("checks")
    code, told, _ = run("check", "acme", "--format", format, "-o", "link")
    assert (code, "1 of 5 checks passed" in told) == (1, True)
    written = (tmp_path / "checks").read_text(encoding="utf-8")
    assert printed.startswith(written)
    assert printed.removeprefix(written) in {"", *([] if format != "table" else [printed.removeprefix(written)])}
    assert (tmp_path / "link").is_symlink()
    assert {path.name for path in tmp_path.iterdir()} == {"warehouse", "link", "checks"}


def test_a_run_that_fails_leaves_the_file_as_it_was(folder, run, tmp_path):
    publish(folder, checked(**ALL))
    kept = tmp_path / "checks.json"
    kept.write_text("kept")
    assert run("check", "nobody", "-o", "checks.json")[0] == 13
    assert kept.read_text() == "kept"
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, most[1]))  # as a full disk: the verdict is longer
    try:
        code, _, error = run("check", "acme", "--format", "json", "-o", "checks.json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert (code, "checks.json could not be written" in error) == (3, True)
    assert kept.read_text() == "kept"
    assert {path.name for path in tmp_path.iterdir()} == {"warehouse", "checks.json"}


OWN_RULE = """/*
title = "Jobs whose name is short"
because = "A name of one word says little."
severity = "warning"
grain = ["job_id"]
of = "model.jobs"
*/
select job_id from model.jobs where length(job_name) < 14
"""


def test_a_rerun_asks_the_checks_of_today_and_changes_nothing(folder, run, tmp_path):
    """The stored verdict is empty; SMALL has one importance of 11 and one that is missing, and 1 of its 2 jobs has a short name."""
    path = worlds.publish(
        folder, worlds.SMALL, without=["metric.kpi_attainment", "raw.jtbd_outcomes:evidence_source", "raw.jtbd_value_drivers"],
        told={"absent": [["raw.jtbd_kpis", None, "the source has no such table"]]},
    )  # fmt: skip
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "short_names.sql").write_text(OWN_RULE)
    (tmp_path / "vital-insights.toml").write_text('checks = "checks"\n')
    before = {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()}
    assert json.loads(run("check", "acme", "--format", "json")[1]) == []
    code, told, error = run("check", "acme", "--rerun", "--format", "json")
    found = {row["name"]: row for row in json.loads(told)}
    assert code == 0, [row for row in found.values() if row["status"] == "errored"]
    n = {name: (row["status"], row["n_failed"], row["n_total"]) for name, row in found.items()}
    assert n["jtbd_outcomes.importance_score_in_range"] == ("failed", 1, 8)
    assert n["jtbd_outcomes.importance_score_present"] == ("failed", 1, 8)
    assert n["jtbd_outcomes.id_unique"] == ("passed", 0, 8)
    assert n["audit.short_names"] == ("failed", 1, 2)
    assert found["audit.short_names"]["examples"] == [str(worlds.uid("j1"))]
    reasons = {name: row["reason"] for name, row in found.items() if row["status"] == "not_applicable"}
    older = "this snapshot is of an older version, which did not hold"
    assert reasons["kpi_attainment.kpi_unique"] == f"{older} this table"
    assert reasons["jtbd_value_drivers.id_present"] == f"{older} this table"
    assert reasons["jtbd_outcomes.evidence_source_present"] == f"{older} this column"
    assert reasons["jtbd_kpis.kpi_code_present"] == "the source has no such table"
    assert {row["status"] for row in found.values()} == {"passed", "failed", "not_applicable"}
    assert {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()} == before
    snapshot.verify(path)
    (tmp_path / "checks" / "short_names.sql").write_text(OWN_RULE.replace("job_name", "jobname"))
    code, _, error = run("check", "acme", "--rerun")  # a mistake is never taken for an old snapshot
    assert (code, "short_names.sql failed" in error) == (3, True)
