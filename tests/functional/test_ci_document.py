"""docs/ci.md is run: its workflow step by step, every command of its lists, and the checks that it shows to analysts."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from ruamel.yaml import YAML

from tests.functional.conftest import Run
from vital_insights.checking import checks_of
from vital_insights.settings import Settings

TEXT = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def commands() -> list[list[str]]:
    """Every `vital-insights …` of the console blocks, without its remark."""
    lines = [line for block in blocks("console") for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("vital-insights ")]


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    (text,) = blocks("yaml")
    return YAML(typ="safe").load(text)


@pytest.fixture
def own_checks(tmp_path: Path) -> Path:
    """The settings and the two files of "Checks of your own", under the names that the text gives them."""
    (tmp_path / "checks").mkdir()
    (toml,) = blocks("toml")
    (tmp_path / "vital-insights.toml").write_text(toml)
    for name, language, sign in (("our_jobs.json", "json", '"our_jobs"'), ("high_without_role.sql", "sql", "severity")):
        assert f"`checks/{name}`" in TEXT
        (text,) = (block for block in blocks(language) if sign in block)
        (tmp_path / "checks" / name).write_text(text)
    return tmp_path / "checks"


def test_the_workflow_refreshes_annotates_and_reports(workflow, run: Run, demo_source: str, tmp_path: Path):
    job = workflow["jobs"]["check"]
    assert job["env"]["VITAL_SOURCE_URL"] == "${{ secrets.VITAL_SOURCE_URL }}"
    assert all("VITAL_SOURCE_URL" not in str(step) for step in job["steps"])  # never on a command line or in a log
    told = {"VITAL_SOURCE_URL": demo_source, "VITAL_WAREHOUSE": str(tmp_path / "warehouse")}
    answers = []
    for step in job["steps"]:
        words = shlex.split(step.get("run", ""))
        if words[:1] == ["vital-insights"]:
            line = re.sub(r"\$\{\{ *matrix.tenant *\}\}", "quillmark", step["run"])
            answers.append((step["name"], *run(*shlex.split(line)[1:], **told)))
    assert [(name, code) for name, code, *_ in answers] == [("Refresh", 0), ("Annotate", 1), ("Report", 1)]
    assert answers[1][2].startswith("::error title=quillmark snapshot-")
    path = next(
        step["with"]["path"] for step in job["steps"] if step.get("uses", "").startswith("actions/upload-artifact")
    )
    assert int(Tree.parse(tmp_path / path).getroot().get("failures")) == answers[1][2].count("::error ") > 0


def test_every_command_does_what_its_list_says(run: Run, demo_source: str, demo_warehouse: Path, own_checks: Path):
    told = {"VITAL_SOURCE_URL": demo_source, "VITAL_WAREHOUSE": str(demo_warehouse)}
    assert len(commands()) >= 8
    n_checks = len([each for suite in checks_of(Settings(checks=own_checks))[0] for each in suite.expectations])
    for words in commands():
        code, said, error = run(*("quillmark" if word == "TENANT" else word for word in words), **told)
        assert (code, error) == (int("warning" in words), ""), words
        if "--rerun" in words:
            assert f"of {n_checks} checks passed" in said  # ours and the two of the text
        if "--live" in words:
            assert '"our_jobs.described"' in said
            assert '"audit.high_without_role"' in said


def test_the_checks_it_shows_take_part_like_ours(own_checks: Path):
    ours, _ = checks_of(Settings())
    both, _ = checks_of(Settings(checks=own_checks))
    names = [{each.name for suite in suites for each in suite.expectations} for suites in (ours, both)]
    assert names[1] - names[0] == {"our_jobs.described", "audit.high_without_role"}


def test_the_table_of_exit_codes_is_that_of_the_errors():
    from vital_insights import errors

    told = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)} | set(range(10, 15))
    family = [errors.VitalError]
    for each in family:
        family += each.__subclasses__()
    assert told == {0, 1, *(each.exit_code for each in family)}
