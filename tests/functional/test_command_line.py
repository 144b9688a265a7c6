"""The command line as people and CI meet it: a real process, a real warehouse, exit codes and what is printed."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import psycopg
import pytest

import vital_insights as vi
from vital_insights.reports import terminal
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot

EVERYTHING_HEAVY = {
    "duckdb",
    "polars",
    "sqlalchemy",
    "psycopg",
    "pandas",
    "streamlit",
    "plotly",
    "great_expectations",
    "pydantic",
}


def run(*words: str, cwd: Path, first: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VITAL_") and name != "DASHBOARD"}
    return subprocess.run(
        [sys.executable, "-c", f"{first}from vital_insights.cli import main; main()", *words],
        cwd=cwd, env={**clean, "COLUMNS": "200", **environment}, capture_output=True, text=True, timeout=600,
    )  # fmt: skip


@pytest.fixture(scope="module")
def here(demo_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the default warehouse lies, as after `make demo`."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "warehouse").symlink_to(demo_warehouse)
    return folder


def test_tenants_lists_the_warehouse_without_a_setting(here: Path) -> None:
    done = run("tenants", "--format", "json", cwd=here)
    assert done.returncode == 0, done.stderr
    assert [tenant["slug"] for tenant in json.loads(done.stdout)] == ["aldermoor", "carewick", "quillmark"]
    assert "Aldermoor" in run("tenants", cwd=here).stdout


def test_metrics_has_names(here: Path) -> None:
    names = {metric["name"] for metric in json.loads(run("metrics", "--format", "json", cwd=here).stdout)}
    assert {"opportunity", "opportunity_by", "coverage_by", "coverage_gaps"} <= names


def test_snapshots_are_named_and_told(here: Path) -> None:
    rows = json.loads(run("snapshots", "carewick", "--format", "json", cwd=here).stdout)
    assert [bool(snapshot.NAME.fullmatch(row["snapshot"])) for row in rows] == [True]
    assert rows[0]["published_anyway"] is False


def test_show_tells_the_same_rows_in_every_format(here: Path, demo_warehouse: Path) -> None:
    arguments = ("show", "carewick", "opportunity", "--where", "band=HIGH")
    as_json = json.loads(run(*arguments, "--format", "json", cwd=here).stdout)
    as_csv = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv", cwd=here).stdout)))
    table = run(*arguments, "--limit", "3", cwd=here).stdout
    # The oracle is the file itself, read by another connection.
    tenant = json.loads(run("tenants", "--format", "json", cwd=here).stdout)[1]["id"]
    (path,) = (demo_warehouse / tenant).glob("snapshot-*.duckdb")
    with duckdb.connect(str(path), read_only=True) as connection:
        told = connection.execute(
            "select outcome_id::varchar, importance + greatest(importance - satisfaction, 0) from model.outcomes "
            "where is_live and importance between 0 and 10 and satisfaction between 0 and 10 "
            "and importance + greatest(importance - satisfaction, 0) > 12"
        ).fetchall()
    assert {row["outcome_id"]: row["score"] for row in as_json} == {key: float(score) for key, score in told}
    assert [row["outcome_id"] for row in as_csv] == [row["outcome_id"] for row in as_json]
    assert as_json == sorted(as_json, key=lambda row: row["rank"])
    assert f"3 of {len(told)} rows" in table


def test_show_keeps_unknowns_when_asked(here: Path) -> None:
    rows = json.loads(run("show", "carewick", "opportunity", "--where", "score=", "--format", "json", cwd=here).stdout)
    assert rows
    assert {row["band"] for row in rows} == {"UNSCORED"}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("show", "carewick", "oportunity"), 2, "did you mean opportunity"),
        (("show", "carewick", "opportunity", "--where", "bnad=HIGH"), 2, "did you mean band"),
        (("show", "carewick", "opportunity", "--where", "band=high"), 2, "did you mean HIGH"),
        (("show", "carewick", "opportunity", "--where", "band"), 2, "write --where band=HIGH"),
        (("show", "carewick", "opportunity", "--where", "score=high"), 2, "holds DECIMAL"),
        (("show", "carewik", "opportunity"), 13, "did you mean carewick"),
        (("metrics", "coverage"), 2, "did you mean coverage_by"),
        (("explain", "carewick", "oportunity", "x"), 2, "did you mean opportunity"),
        (("explain", "carewick", "opportunity", "nothing"), 2, "has no row 'nothing'"),
        (("explain", "carewick", "opportunity", "OUT-001"), 2, "use the id of one"),
        (("explain", "carewik", "opportunity", "x"), 13, "did you mean carewick"),
        (("compare", "carewick"), 2, "no snapshot before"),
        (("compare", "carewick", "snapshot-2026"), 2, "There is no snapshot 'snapshot-2026'"),
        (("check", "../../etc/passwd"), 13, "has no tenant"),
        (("snapshots", "nobody"), 13, "has no tenant"),
        (("refresh",), 2, "--all"),
        (("refresh", "carewick"), 2, "VITAL_SOURCE_URL"),
        (("doctor", "--format", "nonsense"), 2, "nonsense"),
        (("frobnicate",), 2, "No such command"),
    ],
)
def test_a_mistake_is_one_sentence_and_a_code(words: tuple[str, ...], code: int, told: str, here: Path) -> None:
    done = run(*words, cwd=here)
    assert (done.returncode, told in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr


def test_an_unforeseen_error_is_a_sentence_and_with_debug_a_traceback(here: Path) -> None:
    fault = "from vital_insights import insights; insights.tenants = lambda _: 1 / 0; "
    quiet, loud = run("tenants", cwd=here, first=fault), run("--debug", "tenants", cwd=here, first=fault)
    assert (quiet.returncode, "Traceback" in quiet.stderr, quiet.stderr.startswith("Error: ")) == (3, False, True)
    assert "Traceback" in loud.stderr


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("warehose = 'x'", "did you mean warehouse"),
        ("score_tolerance = 11", "score_tolerance"),
        ("= 3", "not valid TOML"),
    ],
)
def test_settings_that_do_not_fit_are_named(toml: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "vital-insights.toml").write_text(toml)
    done = run("tenants", cwd=tmp_path)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr


def test_check_reports_the_stored_verdict_without_great_expectations(here: Path) -> None:
    done = run("check", "aldermoor", cwd=here)
    assert (done.returncode, "checks passed" in done.stdout) == (0, True)
    rows = json.loads(run("check", "aldermoor", "--format", "json", cwd=here).stdout)
    assert {row["status"] for row in rows} >= {"passed", "failed"}
    assert not [row["name"] for row in rows if row["status"] == "failed" and row["severity"] == "critical"]


def test_a_pipe_whose_reader_left_is_no_failure(here: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from vital_insights.cli import main; main()",
        "show",
        "aldermoor",
        "opportunity",
        "--format",
        "json",
    ]
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = subprocess.run(command, cwd=here, stdout=pipe, stderr=subprocess.PIPE, timeout=300)
    assert (done.returncode, done.stderr) == (0, b"")


def test_python_says_what_the_command_line_says(here: Path, demo_warehouse: Path) -> None:
    settings = Settings(source_url=None, warehouse=demo_warehouse)
    rows = json.loads(run("check", "quillmark", "--format", "json", cwd=here).stdout)
    assert [(row["name"], row["status"]) for row in rows] == [
        (c.name, c.status) for c in vi.check("quillmark", settings=settings)
    ]


@pytest.mark.parametrize("code", ["import vital_insights", "from vital_insights import cli"])
def test_starting_up_loads_nothing_heavy(code: str, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(*{{m.split('.')[0] for m in sys.modules}})"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not EVERYTHING_HEAVY & set(told.stdout.split())


def test_every_command_is_in_the_help_with_a_sentence(here: Path) -> None:
    told = run("--help", cwd=here).stdout
    for command in (
        "demo",
        "doctor",
        "tenants",
        "refresh",
        "snapshots",
        "metrics",
        "show",
        "explain",
        "compare",
        "check",
        "export",
        "dashboard",
    ):
        assert f" {command} " in told
        assert len(run(command, "--help", cwd=here).stdout.split()) > 12


def test_the_demo_reuses_what_it_made_and_ends_with_a_summary(demo_template: str, new_database, tmp_path: Path) -> None:
    url = new_database(demo_template)
    told = {"VITAL_DEMO_URL": url, "DASHBOARD": "0"}
    first, second = run("demo", cwd=tmp_path, **told), run("demo", cwd=tmp_path, **told)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    for word in ("Aldermoor", "HIGH", "UNSCORED", "Coverage", "Gaps", "Quality", "Snapshot: warehouse/"):
        assert word in second.stdout
    assert len(list(tmp_path.glob("warehouse/*/snapshot-*.duckdb"))) == 3  # the second run made none


def test_the_demo_touches_no_foreign_database_and_no_foreign_warehouse(
    database: str, demo_template: str, new_database, tmp_path: Path
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create table theirs (n int)")
    done = run("demo", cwd=tmp_path, VITAL_DEMO_URL=database, DASHBOARD="0")
    assert (done.returncode, "did not make" in done.stderr) == (2, True)
    done = run("demo", cwd=tmp_path, VITAL_DEMO_URL=database, VITAL_SOURCE_URL=database, DASHBOARD="0")
    assert (done.returncode, "never written to" in done.stderr) == (2, True)
    foreign = tmp_path / "warehouse" / "00000000-0000-4000-8000-000000000001"
    foreign.mkdir(parents=True)
    (foreign / "CURRENT").write_text("snapshot-20260101T000000000000Z-000000\n")
    done = run("demo", cwd=tmp_path, VITAL_DEMO_URL=new_database(demo_template), DASHBOARD="0")
    assert (done.returncode, "did not make" in done.stderr) == (2, True)


def test_what_a_terminal_would_obey_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.table([{"name": "Own\x1b]0;pwned\x07\x1b[31mED\u009b2J\u202eX", "n": 1}])
    assert not set(capsys.readouterr().out) & set("\x1b\x07\u009b\u202e")
