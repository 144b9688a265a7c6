"""Promise 6: every wait ends. A peer that stalls (not one that closes) would otherwise be waited for without end."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from tests.tenancy import lab
from vital_insights.errors import SourceError
from vital_insights.source import connect

ACME = uuid4()


class Proxy:
    """TCP on loopback in front of the server's socket; it forwards until it has sent `allowance` more bytes back."""

    def __init__(self, url: str) -> None:
        parts = psycopg.conninfo.conninfo_to_dict(url)
        self.target = f"{parts['host']}/.s.PGSQL.{parts.get('port', 5432)}"
        self.allowance: float = float("inf")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"postgresql://{parts['user']}@127.0.0.1:{self.listener.getsockname()[1]}/{parts['dbname']}?sslmode=disable&gssencmode=disable"
        self.lines: list[socket.socket] = [self.listener]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.target)
                self.lines += [client, server]
                threading.Thread(target=self._forward, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._forward, args=(server, client, True), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(4096):
                if back:
                    while self.allowance < len(block):
                        time.sleep(0.01)  # stalled: the line stays open and nothing comes
                    self.allowance -= len(block)
                target.sendall(block)

    def close(self) -> None:
        for line in self.lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self.allowance = float("inf")


@pytest.fixture(scope="module")
def large(module_database) -> str:
    """One persona of eight megabytes: more than what the kernel and the proxy hold between them."""
    lab.create(module_database)
    lab.plant(module_database, {"personas": [{"tenant_id": ACME, "name": f"{n}" * 100_000} for n in range(80)]})
    return module_database


@pytest.fixture
def proxy(large) -> Iterator[Proxy]:
    made = Proxy(large)
    yield made
    made.close()


@contextlib.contextmanager
def within(seconds: float, match: str) -> Iterator[None]:
    """The block fails with a SourceError, not before its deadline could have passed and two seconds after it at most."""
    started = time.monotonic()
    with pytest.raises(SourceError, match=match) as caught:
        yield
    assert time.monotonic() - started < seconds + 2
    assert caught.value.exit_code == 10


def settings(url: str, **changes: float) -> object:
    return lab.settings_of(url, **{"connect_timeout": 2, "stall_timeout": 1.0, "statement_timeout": 1.5} | changes)


def test_control_the_proxy_forwards(proxy):
    assert len(lab.pull(settings(proxy.url, statement_timeout=60), ACME, only=["personas"]).rows("personas")) == 80


def test_a_server_that_accepts_and_never_answers(proxy):
    proxy.allowance = 0
    with within(2, "did not answer in time"):
        lab.pull(settings(proxy.url), ACME)


def test_a_stall_between_login_and_begin(proxy):
    """Enough to log in: the handshake is under 700 bytes, the answer to BEGIN and the settings comes after it."""
    connection = psycopg.connect(proxy.url)
    connection.close()
    proxy.allowance = 700
    with within(2, "went silent for|did not answer in time"):
        lab.pull(settings(proxy.url), ACME)


def test_a_stall_during_a_small_answer(proxy):
    with within(1.5, "went silent for 1.5 seconds"), connect.transaction(settings(proxy.url)) as source:
        proxy.allowance = 0
        source.rows("select 1")


def test_a_stall_in_the_middle_of_a_copy(proxy):
    waits = settings(proxy.url, statement_timeout=60)
    with within(1, "went silent for 1 seconds"), connect.transaction(waits) as source:
        binding = lab.drift.bind(lab.drift.catalog(source), waits)
        stream = lab.copy.extract(source, "personas", binding.tables, ACME)
        proxy.allowance = 1_000_000
        duck = lab.duckdb.connect()
        lab.load.prepare(duck)
        lab.load.load(duck, stream, ACME)


def test_a_stall_before_the_first_byte_of_a_copy(proxy):
    waits = settings(proxy.url)
    with within(1.5, "went silent for"), connect.transaction(waits) as source:
        stream = source.copy(lab.sa.select(lab.sa.literal_column("1").label("c0")), [])
        proxy.allowance = 0
        list(stream)


def test_a_table_locked_by_somebody_else(large):
    with psycopg.connect(large) as holder:
        holder.execute("lock table personas in access exclusive mode")
        with within(1, "stayed locked"):
            lab.pull(settings(large, statement_timeout=60), ACME, only=["personas"])


def test_a_table_locked_before_its_copy(large):
    """Counted, then locked away from the copy: in one transaction the reader's own lock keeps the holder out."""
    waits = settings(large, statement_timeout=60)
    with connect.transaction(waits) as source, psycopg.connect(large) as holder:
        binding = lab.drift.bind(lab.drift.catalog(source), waits)
        stream = lab.copy.extract(source, "personas", binding.tables, ACME)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            holder.execute("lock table personas in access exclusive mode nowait")
        assert sum(len(row) for batch in stream.batches for row in batch) > 8_000_000


def test_a_statement_that_takes_too_long(database):
    lab.create(database)
    lab.run(
        database, "alter table personas rename to kept", "create view personas as select kept.* from kept, pg_sleep(30)"
    )
    lab.run(database, f"insert into kept (id, tenant_id) values (gen_random_uuid(), '{ACME}')")
    with within(1.5, r"^public\.personas: .*(took too long|went silent)"):
        lab.pull(settings(database), ACME, only=["personas"])


def test_a_connection_that_is_cut(large, proxy):
    with within(0, "Postgres failed a read"), connect.transaction(settings(proxy.url)) as source:
        proxy.close()
        source.rows("select 1")


def test_a_slow_consumer_is_no_stall(large, monkeypatch):
    """The deadline is for the server: while the warehouse is busy with a batch, nobody is waiting for the next one."""
    waits = settings(large, statement_timeout=60, stall_timeout=0.5)
    monkeypatch.setattr(connect, "BATCH", 30)
    with connect.transaction(waits) as source:
        binding = lab.drift.bind(lab.drift.catalog(source), waits)
        stream = lab.copy.extract(source, "personas", binding.tables, ACME)
        got = 0
        for batch in stream.batches:
            got += sum(map(len, batch))
            time.sleep(1.2)
    assert got > 8_000_000
