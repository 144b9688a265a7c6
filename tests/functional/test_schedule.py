"""Many tenants at once: a failure, a dead process and Ctrl-C, each with real processes and a real Postgres."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from vital_insights import schedule, settings
from vital_insights.demo.fill import create_reader
from vital_insights.source import tenants
from vital_insights.tenancy import Tenant

COMMAND = [sys.executable, "-c", "from vital_insights.cli import main; main()", "refresh", "--all"]


@pytest.fixture(scope="module")
def database(demo_template: str, new_database) -> str:
    return new_database(demo_template)


@pytest.fixture(scope="module")
def source(database: str) -> str:
    return create_reader(database)


@pytest.fixture
def here(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to refresh into, with the sample tenants as the source."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VITAL_SOURCE_URL", source)
    monkeypatch.setenv("VITAL_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def locked(database: str) -> Iterator[psycopg.Connection]:
    """A table that nobody can read until this connection lets it go."""
    with psycopg.connect(database) as connection:
        connection.execute("lock table jtbd_outcomes in access exclusive mode")
        yield connection


def wait_for(known: Callable[[], bool]) -> None:
    """Until something is so; the test's own time limit ends what never is."""
    while not known():
        time.sleep(0.05)


def waits(connection: psycopg.Connection) -> bool:
    """Whether a refresh stands before the locked table."""
    asked = "select count(*) from pg_locks where relation = 'jtbd_outcomes'::regclass and not granted"
    return connection.execute(asked).fetchone() != (0,)


def children(pid: int) -> set[int]:
    return {int(each) for task in Path(f"/proc/{pid}/task").glob("*/children") for each in task.read_text().split()}


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_that_fails_stops_no_other_and_the_summary_says_what_to_do(here: Path) -> None:
    first, second, last = tenants.of_source(settings.load())
    (here / "warehouse").mkdir()
    for each in (first, second):
        (here / "warehouse" / str(each.id)).write_text("a file where a folder should be")
    done = subprocess.run([*COMMAND, "--jobs", "2", "--format", "json"], capture_output=True, text=True, timeout=600)
    assert done.returncode == 14, done.stderr
    rows = {row["tenant"]: row for row in json.loads(done.stdout)}
    assert [row["result"] for row in rows.values()] == ["failed", "failed", "published"]
    assert rows[first.slug]["rows"] is None
    assert "cannot" in rows[first.slug]["said"]
    assert (here / "warehouse" / str(last.id) / "CURRENT").is_file()
    assert (rows[last.slug]["next_step"], rows[last.slug]["exit_code"]) == (None, 0)
    assert rows[last.slug]["rows"] > 1000
    assert rows[last.slug]["seconds"] > 0
    assert sorted(line.split()[0] for line in done.stderr.splitlines()) == ["1", "2", "3"]  # told as they come


def test_a_process_that_dies_fails_its_tenant_and_is_replaced(here: Path, locked: psycopg.Connection) -> None:
    _, carewick, quillmark = tenants.of_source(settings.load())
    (here / "warehouse").mkdir()
    (here / "warehouse" / str(quillmark.id)).write_text("a file where a folder should be")
    before = children(os.getpid())
    coming = schedule.refresh_all([carewick, quillmark], jobs=1)
    found: list[schedule.Done] = []

    listening = threading.Thread(target=lambda: found.extend(coming))
    listening.start()
    wait_for(lambda: waits(locked))
    (worker,) = children(os.getpid()) - before
    os.kill(worker, signal.SIGKILL)
    locked.rollback()
    listening.join(240)
    assert [(done.tenant, done.result, done.exit_code) for done in found] == [
        ("carewick", "failed", 3), ("quillmark", "failed", 14),
    ]  # fmt: skip
    assert found[0].said == "The process that refreshed it ended (SIGKILL)."
    assert "cannot" in found[1].said  # the new process answers for itself
    assert found[0].next_step == "vital-insights refresh carewick"
    assert children(os.getpid()) <= before


@pytest.mark.parametrize(("program", "how"), [("/nowhere/python", "it was not started"), ("/bin/false", "exit code 1")])
def test_a_process_that_never_serves_fails_each_tenant_and_hangs_nothing(
    program: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", program)
    asked = [Tenant(f"t{n}", uuid4(), f"T {n}") for n in range(20)]
    found = list(schedule.refresh_all(asked, jobs=2))
    assert {done.tenant for done in found} == {each.slug for each in asked}
    assert {(done.result, done.exit_code) for done in found} == {("failed", 3)}
    assert {done.said for done in found} == {f"The process that refreshed it ended ({how})."}


@pytest.mark.parametrize(
    ("stray", "told"),
    [
        (
            "sys.addaudithook(lambda event, said: said[:1] == ('vital_insights.pipeline',) and print('stray', flush=True))",
            "No Postgres can be reached at 127.0.0.1:1.",
        ),
        ("print('stray', flush=True)", "The process that refreshed it ended"),  # before it serves: no answer of ours
    ],
)
def test_what_a_library_prints_is_no_answer(
    stray: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"import sys\n{stray}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("VITAL_SOURCE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("VITAL_WAREHOUSE", str(tmp_path / "warehouse"))
    (done,) = schedule.refresh_all([Tenant("acme", uuid4(), "Acme")])
    assert done.result == "failed"
    assert told in done.said


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_every_process_and_publishes_nothing(
    sign: signal.Signals, here: Path, locked: psycopg.Connection
) -> None:
    asked = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    wait_for(lambda: waits(locked))

    def offspring() -> set[int]:
        return {pid for child in children(asked.pid) for pid in {child, *children(child)}}

    wait_for(lambda: len(offspring()) >= 4)  # two that refresh, and the checks of each
    family = offspring()
    asked.send_signal(sign)
    _, errors = asked.communicate(timeout=300)
    assert asked.returncode == 130, errors
    assert "Traceback" not in errors
    wait_for(lambda: not any(map(running, family)))
    assert not list((here / "warehouse").glob("*/CURRENT"))


def test_a_table_for_people_ends_with_the_counts(capsys: pytest.CaptureFixture[str], here: Path, monkeypatch) -> None:
    """What is printed of three results; how they come about is what the tests above are for."""
    from vital_insights import cli

    made = [
        schedule.Done("b", "2", "refused", 1200, 3.04, "1 critical check failed.", "vital-insights check b", 1),
        schedule.Done("a", "1", "published", 34, 61.26, "All checks passed.", None, 0),
    ]
    monkeypatch.setattr(schedule, "refresh_all", lambda *_, **__: (each for each in made))
    monkeypatch.setattr(sys, "argv", ["vital-insights", "refresh", "--all"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert told.out.splitlines()[-1] == "1 published, 1 refused, 0 failed"
    lines = [line.split() for line in told.out.splitlines() if line.startswith((" a ", " b ", "a ", "b "))]
    assert lines == [
        ["a", "published", "61.3", "34", "–"],
        ["b", "refused", "3.0", "1,200", "vital-insights", "check", "b"],
    ]
