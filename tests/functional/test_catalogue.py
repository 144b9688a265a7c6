"""The catalogue of metrics: what the headers say, in Python, in a terminal, as JSON and as a document that is in step."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests import worlds
from tests.functional.test_command_line import run
from vital_insights import insights
from vital_insights.errors import UsageError
from vital_insights.reports import catalogue, contract
from vital_insights.settings import Settings
from vital_insights.warehouse import sqlfile

PROJECT = Path(__file__).parents[2]


def headers():
    """The headers as they stand in the files, read by nobody but this test."""
    found = {}
    for path in sorted((PROJECT / "vital_insights" / "metrics").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        found[path.stem] = tomllib.loads(text[2 : text.index("*/")])
    return found


def test_the_metrics_are_told_a_row_a_metric():
    frame = insights.metrics()
    assert frame.columns == ["name", "title", "because", "grain"]
    told = [(name, h["title"], h["because"], ", ".join(h["grain"])) for name, h in headers().items()]
    assert frame.rows() == told


@pytest.mark.parametrize("name", list(headers()))
def test_a_metric_is_told_a_row_a_column(name):
    frame = insights.metrics(name)
    assert frame.columns == ["column", "type", "unit", "meaning", "null_means"]
    columns = headers()[name]["columns"]
    assert frame.rows() == [
        (c, a["type"], a.get("unit"), a["meaning"], a.get("null_means")) for c, a in columns.items()
    ]


def test_json_nests_the_columns(tmp_path):
    done = run("metrics", "--format", "json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert [metric["name"] for metric in told] == list(headers())
    for metric in told:
        assert list(metric) == ["name", "title", "because", "grain", "columns"]
        assert [c["column"] for c in metric["columns"]] == list(headers()[metric["name"]]["columns"])
        assert {tuple(c) for c in metric["columns"]} == {("column", "type", "unit", "meaning", "null_means")}
    one = json.loads(run("metrics", "opportunity", "--format", "json", cwd=tmp_path).stdout)
    assert one == [metric for metric in told if metric["name"] == "opportunity"]


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_shows_every_column_whole(tmp_path, width):
    printed = run("metrics", "opportunity", cwd=tmp_path, COLUMNS=str(width)).stdout
    assert max(map(len, printed.splitlines())) <= width
    about = headers()["opportunity"]
    words = " ".join(printed.split())
    for text in [
        about["title"],
        about["because"],
        *about["columns"],
        *(a["meaning"] for a in about["columns"].values()),
    ]:
        assert " ".join(text.split()) in words
    listed = " ".join(run("metrics", cwd=tmp_path, COLUMNS=str(width)).stdout.split())
    for name, header in headers().items():
        assert f"{name} ({', '.join(header['grain'])}) {header['title']}. {header['because']}" in listed


def test_the_document_has_a_section_a_metric_and_a_line_a_column():
    text = catalogue.markdown(insights.catalogue())
    sections = re.split(r"^## ", text, flags=re.M)[1:]
    assert [section.split("\n", 1)[0] for section in sections] == sorted(headers())
    for section, header in zip(sections, headers().values(), strict=True):
        lines = [line for line in section.splitlines() if line.startswith("| `")]
        assert [re.match(r"\| `(\w+)` ", line)[1] for line in lines] == list(header["columns"])


def test_a_bar_in_a_text_does_not_end_its_cell(tmp_path, monkeypatch):
    (tmp_path / "odd.sql").write_text(
        '/*\ntitle = "A | B"\nbecause = "<img src=x>"\ngrain = ["n"]\n'
        '[columns]\nn = { type = "INTEGER", meaning = "this | that \\\\ `code`" }\n*/\nselect 1 as n\n'
    )
    monkeypatch.setitem(sqlfile.FOLDERS, "metric", tmp_path)
    text = catalogue.markdown(insights.catalogue())
    [line] = [line for line in text.splitlines() if line.startswith("| `n`")]
    assert len(re.findall(r"(?<!\\)\|", line)) == 6
    assert r"this \| that \\ \`code\`" in line
    assert "<img" not in text.replace(r"\<img", "")


@pytest.mark.parametrize("words", [("metrics", "oportunity"), ("metrics", "oportunity", "--format", "json")])
def test_an_unknown_metric_is_answered_with_the_nearest_and_nothing_else(tmp_path, words):
    done = run(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == "Error: There is no metric 'oportunity'.\n\nHint: did you mean opportunity, opportunity_by, ai_opportunity?\n"
    )
    with pytest.raises(UsageError, match="did you mean opportunity"):
        insights.metrics("oportunity")


@pytest.mark.parametrize("changed", [None, "metrics", "contract"])
def test_a_document_that_is_not_in_step_fails_the_check_and_says_what_to_do(tmp_path, changed):
    (tmp_path / "docs").mkdir()
    word = {"metrics": "rank", "contract": "tenant_id"}.get(changed)
    for name, text in {"metrics": catalogue.markdown(insights.catalogue()), "contract": contract.markdown()}.items():
        (tmp_path / "docs" / f"{name}.md").write_text(text.replace(word, "place", 1) if name == changed else text)
    shutil.copy(PROJECT / "Makefile", tmp_path)
    command = ["make", "--no-print-directory", "in-step", f"BIN={Path(sys.executable).parent}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    if changed is None:
        assert (done.returncode, done.stdout) == (0, "")
    else:
        assert done.returncode != 0
        assert f"docs/{changed}.md is not in step" in done.stderr
        assert "Next: make docs" in done.stderr
        assert re.search(rf"^-.*place(.|\n)*^\+.*{word}", done.stdout, flags=re.M)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    warehouse = tmp_path_factory.mktemp("warehouse")
    worlds.publish(warehouse / str(worlds.ACME), worlds.SMALL)
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        yield opened
