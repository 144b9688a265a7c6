"""The notebooks, run from top to bottom as a reader would: no error, no warning, and no output kept in the repository."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import nbformat
import pytest
from nbclient import NotebookClient

from tests.worlds import ordered
from vital_insights.checking import checks_of
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot, sqlfile

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FIGURE = "application/vnd.plotly.v1+json"
# What each one draws, so that a notebook cannot lose its pictures unseen.
PICTURES = {
    "1_opportunity_scan": 3, "2_role_coverage_and_gaps": 1, "3_how_sure_are_we": 1, "4_what_changed": 2, "5_data_quality": 1,
    "6_extending_it": 0, "7_ai_fit": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(demo_warehouse, tmp_path_factory) -> Path:
    """The sample tenant aldermoor, and a snapshot of a month before, in which every seventh rating was another."""
    folder = tmp_path_factory.mktemp("notebooks") / "warehouse"
    [published] = [path for path in demo_warehouse.glob("*/*.duckdb") if _slug(path) == "aldermoor"]
    shutil.copytree(published.parent, folder / published.parent.name)
    newest = folder / published.parent.name / published.name
    older = newest.with_name(f"snapshot-20260101T060000000000Z-{newest.stem[-6:]}.duckdb")
    shutil.copyfile(newest, older)
    older.chmod(0o600)
    with duckdb.connect(str(older)) as connection:
        connection.execute(_BEFORE)
        for schema in ("metric", "model"):
            connection.execute(f"drop schema {schema} cascade")
        sqlfile.build(connection, ordered())
        document = json.loads(connection.execute("select document from manifest").fetchall()[0][0])
        for table in document["rows"]:
            [(document["rows"][table],)] = connection.execute(f"select count(*) from {table}").fetchall()
        connection.execute("update manifest set document = ?", [json.dumps(document)])
    older.with_suffix(".sha256").write_text(f"{snapshot.digest(older)}  {older.name}\n")
    return folder


_BEFORE = """
update raw.jtbd_outcomes as o
set
    satisfaction_score = least(o.satisfaction_score + case when p.n % 2 = 0 then 2 else 0 end, 10),
    importance_score = greatest(o.importance_score - case when p.n % 3 = 0 then 1.5 else -0.5 end, 0)
from (select id, row_number() over (order by id) as n from raw.jtbd_outcomes) as p
where p.id = o.id and p.n % 7 = 0 and o.satisfaction_score is not null and o.importance_score between 0 and 9.5
"""


def _slug(path: Path) -> str:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select tenant_slug from raw.snapshot").fetchall()[0][0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    for cell in code:
        assert (cell.outputs, cell.execution_count) == ([], None)
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")
    assert "Before you" in "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path, warehouse, tmp_path, monkeypatch):
    notebook = nbformat.read(path, as_version=4)
    for name in ("VITAL_SOURCE_URL", "VITAL_CHECKS", "VITAL_METRICS", "VITAL_PAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VITAL_WAREHOUSE", str(warehouse))
    before = {file: file.stat().st_mtime_ns for file in warehouse.rglob("*")}
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert sum(FIGURE in output.get("data", {}) for output in outputs) == PICTURES[path.stem]
    assert {file: file.stat().st_mtime_ns for file in warehouse.rglob("*")} == before
    if kept := os.environ.get("VITAL_SHOTS"):
        nbformat.write(notebook, Path(kept) / path.name)
    if path.stem == "6_extending_it":
        _what_it_made_is_whole(tmp_path / "mine", warehouse)


def _what_it_made_is_whole(mine: Path, warehouse: Path) -> None:
    """The files that a reader would copy do what the notebook says of them; the page has a test of its own."""
    [metric] = sqlfile.own_metrics(mine / "metrics")
    published = next(warehouse.glob("*/snapshot-*.duckdb"))
    with duckdb.connect(shutil.copyfile(published, mine / "copy.duckdb")) as connection:
        sqlfile.build(connection, [metric])
    suites, rules = checks_of(Settings(checks=mine / "checks"))
    assert {"our_jobs"} <= {suite.name for suite in suites}
    assert "audit.high_without_evidence" in {rule.table for rule in rules}
