"""Every code block of the documents does what its page says: commands and Python are run, the rest is tried as far as it goes here.

docs/ci.md has a test of its own (test_ci_document.py), and the grants of docs/operators.md too (test_source_privileges.py).
"""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from ruamel.yaml import YAML

from tests import worlds
from tests.functional.conftest import Run
from vital_insights import insights
from vital_insights import settings as configuration
from vital_insights.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
TOOL = re.compile(r"(\S*/)?vital-insights ")

# Lines of a console block that are not run here, and why.
NOT_RUN = {
    "make demo": "CI would need a second environment; test_command_line runs the command behind it",
    "make test": "this is it",
    "vital-insights dashboard": "serves until Ctrl-C; test_wheel and tests/browser start it",
    "vital-insights refresh --all --jobs 2": "test_schedule runs it",
    "vital-insights show TENANT opportunity --engine spark": "test_engines runs it",
    "vital-insights show TENANT opportunity --engine postgres": "test_engines runs it",
    "pip install 'vital-insights[spark]'": "the package is no registry's yet; pyproject.toml is asked for the extra below",
    "pip install 'vital-insights[postgres]'": "the same",
    "install -m 600 /dev/null /etc/vital-insights/key && openssl rand -hex 32 > /etc/vital-insights/key": "writes to /etc",
}
SET = re.compile(r"export (\w+)=\S+$")  # the fixtures set what these lines set


@dataclass(frozen=True)
class Block:
    """One fenced block: its page, its line, what it is written in, its text."""

    page: str
    line: int
    language: str
    text: str


def blocks() -> list[Block]:
    found = []
    for page in PAGES:
        lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), start=1))
        for number, line in lines:
            if (opened := re.match(r"( *)```(\w*)$", line)) is None:
                continue
            body = []
            for _, inner in lines:
                if inner.strip() == "```":
                    break
                body.append(inner.removeprefix(opened[1]))
            found.append(Block(str(page.relative_to(ROOT)), number, opened[2], "\n".join(body) + "\n"))
    return found


BLOCKS = blocks()


def written_in(*languages: str, but: str = "") -> list[pytest.param]:
    return [pytest.param(b, id=f"{b.page}:{b.line}") for b in BLOCKS if b.language in languages and b.page != but]


def commands(block: Block) -> list[str]:
    """The lines without prompt, folder of the tool, and remark."""
    lines = (line.strip() for line in block.text.splitlines())
    return [TOOL.sub("vital-insights ", re.sub(r"\s{2,}#.*$", "", line), count=1) for line in lines if line]


@pytest.fixture(scope="module")
def warehouse(demo_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample tenants, the first with two snapshots, so that there is something to compare."""
    copy = tmp_path_factory.mktemp("documents") / "warehouse"
    shutil.copytree(demo_warehouse, copy)
    with insights.open_tenant("aldermoor", settings=Settings(warehouse=copy)) as opened:
        path = opened.snapshot.path
    worlds.add(path.parent, path)
    return copy


def test_no_block_is_of_a_kind_that_nobody_tries() -> None:
    known = {"console", "python", "toml", "sql", "yaml", "json", "cron", "systemd", ""}
    assert {block.language for block in BLOCKS} <= known
    drawings = {(block.page, block.text.splitlines()[0].strip()) for block in BLOCKS if not block.language}
    assert {page for page, _ in drawings} <= {"README.md", "docs/architecture.md"}  # a diagram and a tree
    for page in PAGES:
        text = re.sub(r"( *)```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"\n\n {4}\S", text), f"{page.name} has a code block without a fence"


@pytest.mark.parametrize("block", written_in("console", but="docs/ci.md"))
def test_a_console_block_runs(block: Block, run: Run, warehouse: Path, demo_source: str, tmp_path: Path) -> None:
    told = {"VITAL_WAREHOUSE": str(warehouse), "VITAL_SOURCE_URL": demo_source}
    for line in commands(block):
        if line in NOT_RUN or SET.match(line):
            continue
        assert line.startswith("vital-insights "), f"{block.page}:{block.line} has a line that nobody runs: {line}"
        words = [_real(word, warehouse) for word in shlex.split(line)[1:]]
        redirected = words.index(">") if ">" in words else len(words)
        code, out, err = run(*words[:redirected], **told)
        assert (code, "Error" in err) == (0, False), f"{line}: {err}"
        assert out.strip()
        if "-o" in words:
            target = tmp_path / words[words.index("-o") + 1]
            assert target.stat().st_size > 1000 if target.is_file() else (target / "README.md").is_file()


def _real(word: str, warehouse: Path) -> str:
    if word == "ID":
        with insights.open_tenant("aldermoor", settings=Settings(warehouse=warehouse)) as opened:
            return str(opened.metric("opportunity", limit=1)["outcome_id"][0])
    return "aldermoor" if word == "TENANT" else word


def test_what_is_not_run_is_still_written_and_its_extras_exist() -> None:
    lines = {line for block in BLOCKS if block.language == "console" for line in commands(block)}
    assert NOT_RUN.keys() <= lines
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    texts = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert set(re.findall(r"vital-insights\[(\w+)\]", texts)) <= extras.keys()
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {line.split()[1] for line in lines if line.startswith("make ")} <= targets


@pytest.mark.parametrize("document", sorted({block.page for block in BLOCKS if block.language == "python"}))
def test_the_python_of_a_page_runs_from_top_to_bottom(
    document: str, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VITAL_WAREHOUSE", str(warehouse))
    names: dict[str, object] = {}
    for block in (block for block in BLOCKS if block.page == document and block.language == "python"):
        exec(compile(block.text, f"{document}:{block.line}", "exec"), names)
    assert capsys.readouterr().out


@pytest.mark.parametrize("block", written_in("toml", but="docs/ci.md"))
def test_a_settings_block_is_read(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tomllib.loads(block.text)
    if "auth" in told:  # Streamlit's own file; tests/browser/test_login.py lets somebody in with one
        assert {"redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"} <= told[
            "auth"
        ].keys()
        return
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vital-insights.toml").write_text(block.text)
    assert configuration.load().mapping == told["mapping"]


@pytest.mark.parametrize("block", [b for b in written_in("sql", but="docs/ci.md") if "LOGIN" not in b.values[0].text])
def test_the_sql_for_the_owner_runs(block: Block, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("create role vital_reader")
        connection.execute("create table public.jobs_to_be_done (id uuid)")
        (name,) = connection.execute("select current_database()").fetchone()
        connection.execute(block.text.replace("your_database", name))
        connection.rollback()


@pytest.mark.parametrize("block", written_in("systemd"))
def test_a_unit_is_one_that_systemd_takes(block: Block, run: Run, tmp_path: Path) -> None:
    name = re.match(r"# \S+/(\S+)\n", block.text)[1]
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str
    unit.read_string(block.text)
    assert "Description" in unit["Unit"]
    if "Service" in unit:
        words = shlex.split(unit["Service"]["ExecStart"])
        assert words[0].endswith("/vital-insights")
        assert run(*words[1:], "--help")[0] == 0
    if shutil.which("systemd-analyze"):
        for other in (b for b in BLOCKS if b.language == "systemd"):  # a timer names its service
            text = re.sub("ExecStart=\\S+", "ExecStart=/bin/true", other.text)
            (tmp_path / re.match(r"# \S+/(\S+)\n", other.text)[1]).write_text(text)
        told = subprocess.run(
            ["systemd-analyze", "verify", str(tmp_path / name)], capture_output=True, text=True, timeout=300
        )
        ours = [line for line in told.stderr.splitlines() if name.partition(".")[0] in line]
        assert not ours, ours


@pytest.mark.parametrize("block", written_in("cron"))
def test_a_line_of_cron_is_a_time_an_account_and_a_command(block: Block, run: Run) -> None:
    (line,) = (line for line in block.text.splitlines() if not re.match(r"\w+=", line))
    *when, account, command = line.split(None, 6)
    assert all(re.fullmatch(r"[\d*/,-]+", part) for part in when)
    assert account == "vital"
    assert subprocess.run(["sh", "-n", "-c", command], capture_output=True).returncode == 0
    ours = shlex.split(command.partition("bin/vital-insights ")[2])
    assert run(*ours[: ours.index(">/dev/null")], "--help")[0] == 0


@pytest.mark.parametrize("block", written_in("yaml", "json"))
def test_what_is_data_parses(block: Block) -> None:
    assert YAML(typ="safe").load(block.text) if block.language == "yaml" else json.loads(block.text)


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_and_picture_is_there(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target
