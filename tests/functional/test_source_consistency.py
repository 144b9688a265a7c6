"""Promise 4: all tables of a snapshot come from one instant, whatever is written meanwhile."""

from __future__ import annotations

import threading
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest

from tests.tenancy import lab
from vital_insights.source import connect

ACME, ROWS = uuid4(), 40


@pytest.fixture(scope="module")
def ledger(module_database) -> str:
    """Money lies in two tables that are read at different moments; its sum never changes."""
    lab.create(module_database)
    lab.plant(
        module_database,
        {
            "jobs_to_be_done": [{"tenant_id": ACME, "validation_score": 100} for _ in range(ROWS)],
            "jtbd_kpis": [{"tenant_id": ACME, "target_value": 100} for _ in range(ROWS)],
        },
    )
    return module_database


def transfer(connection: psycopg.Connection, number: int) -> None:
    with connection.transaction():
        connection.execute(
            "update jobs_to_be_done set validation_score = validation_score - 1 "
            "where id = (select id from jobs_to_be_done order by id offset %s limit 1)",
            [number % ROWS],
        )
        connection.execute(
            "update jtbd_kpis set target_value = target_value + 1 "
            "where id = (select id from jtbd_kpis order by id offset %s limit 1)",
            [number * 7 % ROWS],
        )


def total(ledger: str) -> Decimal:
    """The sum of one snapshot, with a transfer committed between every two tables of it."""
    with psycopg.connect(ledger, autocommit=True) as writer:
        numbers = iter(range(100))
        pulled = lab.pull(
            ledger, ACME, only=["jobs_to_be_done", "jtbd_kpis"], between=lambda: transfer(writer, next(numbers))
        )
    jobs, kpis = pulled.rows("jobs_to_be_done", "sum(validation_score)"), pulled.rows("jtbd_kpis", "sum(target_value)")
    pulled.duck.close()
    return jobs[0][0] + kpis[0][0]


def test_no_snapshot_is_torn_by_concurrent_writers(ledger, counts):
    stop = threading.Event()
    done = [0, 0]

    def write(who: int) -> None:
        with psycopg.connect(ledger, autocommit=True) as connection:
            while not stop.is_set():
                try:
                    transfer(connection, done[who])
                except psycopg.errors.DeadlockDetected:
                    continue
                done[who] += 1

    writers = [threading.Thread(target=write, args=(who,)) for who in range(2)]
    for writer in writers:
        writer.start()
    try:
        sums = [total(ledger) for _ in range(counts(15, 200))]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert sums == [200 * ROWS] * len(sums)
    assert min(done) > 0


def test_control_read_committed_tears(ledger, monkeypatch):
    """The same reads in the weaker isolation are torn every time, so the test above can fail."""
    execute = psycopg.Connection.execute

    def weaker(self, query, *args, **kwargs):
        if isinstance(query, str) and query.startswith("BEGIN"):
            assert "REPEATABLE READ READ ONLY" in query
            query = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(connect.psycopg.Connection, "execute", weaker)
    assert [total(ledger) == 200 * ROWS for _ in range(5)] == [False] * 5


def test_counts_and_rows_are_of_the_same_instant(ledger):
    """Rows that are added or deleted while a table is on its way change nothing: counted and read are one instant."""
    with psycopg.connect(ledger, autocommit=True) as writer:

        def churn() -> None:
            writer.execute("insert into jtbd_kpis (id, tenant_id) values (gen_random_uuid(), %s)", [ACME])
            writer.execute("delete from jtbd_obstacles")

        lab.plant(ledger, {"jtbd_obstacles": [{"tenant_id": ACME} for _ in range(3)]})
        pulled = lab.pull(ledger, ACME, only=["jobs_to_be_done", "jtbd_kpis", "jtbd_obstacles"], between=churn)
        assert len(pulled.rows("jtbd_kpis")) == ROWS
        assert len(pulled.rows("jtbd_obstacles")) == 3
        writer.execute("delete from jtbd_kpis where target_value is null")
