"""Promises 10 and 11, the raw part: rows in scope = rows loaded; values = loaded + rejected + set to NULL on purpose.

What was loaded is compared value by value with what psycopg reads from the same table, and every reject with the
source's own text.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.tenancy import lab
from vital_insights.errors import SourceError, WarehouseError
from vital_insights.source import connect, copy
from vital_insights.warehouse import load

ACME, BETA = uuid4(), uuid4()
NUMBERS = [
    "NaN",
    "Infinity",
    "-Infinity",
    "8.12345678",
    "8.123456",
    "8.1234560",
    "1e12",
    "999999999999",
    "999999999999.999999",
    "1e40",
    "-0.0",
    "0",
    "10.0000001",
    "-5",
    "3.14",
    "1e-6",
    "1e-7",
    "1e-300",
    "0.30000000000000004",
    "12",
    "7.5",
    "1" * 130,
    None,
]
SPELLED = [
    "8.5",
    " 8.5",
    "8.5 ",
    "8,5",
    "8.",
    ".5",
    "+7",
    "--7",
    "1e1",
    "1E+1",
    "0x1F",
    "1_000",
    "1 000",
    "1,000.5",
    "NaN",
    "inf",
    "",
    " ",
    "null",
    "NULL",
    "8.5\n",
    "\t8",
    "８.５",
    "٨",
    "8.12345678",
    "8.10000000",
    "007",
    "0" * 20 + "8",
    "9" * 30,
    "$8",
    "50%",
    "high",
    "8.5.1",
    "-0",
    "½",
    "8\u00a0",
    None,
]
INSTANTS = [
    "infinity",
    "-infinity",
    "0044-03-15 BC",
    "294276-12-31 23:59:59.999999+00",
    "0001-01-01 00:00:00+00",
    "9999-12-31 23:59:59.999999+00",
    "10000-01-01 00:00:00+00",
    "4713-01-01 BC",
    "1970-01-01 00:00:00.000001+00",
    "2026-03-29 02:30:00+01",
    "1900-01-01 00:00:00+00",
    None,
]
TEXTS = [
    "",
    " ",
    "NULL",
    "null",
    "\\N",
    "\\.",
    "\n\\.\n",
    '"',
    '""',
    '"quoted", and more',
    "'",
    "a,b",
    ",",
    "a\nb",
    "a\r\nb",
    "\r",
    "\n",
    "\t",
    "\x01\x02\x7f",
    "🧭👩‍⚕️",
    "עברית \u202eabc",
    "e\u0301",
    "\ufeff",
    "\u2028\u2029",
    "c0,c1",
    "=cmd()",
    "ﷺ" * 50,
    "\\",
    "\\\\n",
    "{}",
    "%s %(x)s %%",
    ":tenant",
    "$1",
    "t",
    "f",
    "a\u00a0b",
    None,
]
COLUMNS = {
    "importance_score": ("numeric", NUMBERS),
    "satisfaction_score": ("text", SPELLED),
    "opportunity_score": ("float8", [*NUMBERS[:5], "0.1", "1e21", "12.5", None]),
    "updated_at": ("timestamptz", INSTANTS),
    "created_at": ("timestamp", INSTANTS),
    "deleted_at": ("date", [*INSTANTS[:4], "2026-01-02", None]),
    "outcome_statement": ("text", TEXTS),
    "evidence_source": ("varchar", TEXTS),
    "outcome_id": ("text", TEXTS),
}


def expected(column: str, source_text: str | None, value: Any) -> tuple[Any, str | None]:
    """(what must be loaded, what must be rejected) for one value; plain rules over psycopg's reading of it."""
    if source_text is None:
        return None, None
    kind, _ = COLUMNS[column]
    if column in ("outcome_statement", "evidence_source", "outcome_id"):
        return value, None
    if kind in ("timestamptz", "timestamp", "date"):
        if value is None:  # psycopg's datetime ends where the warehouse's contract does: years 1 to 9999
            return None, source_text
        moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment, None
    plain = source_text.strip(" \t\n\r\f")
    digits = plain.lstrip("+-").replace(".", "", 1)
    readable = (
        digits.isascii()
        and digits.isdigit()
        and len(plain) - len(plain.lstrip("+-")) <= 1
        and plain.lstrip("+-")[0].isdigit()
    )
    if kind == "text" and not readable:
        return None, source_text
    try:
        number = Decimal(plain)
    except ArithmeticError:
        return None, source_text
    whole = plain.lstrip("+-").split(".")[0]
    fits = (
        number.is_finite()
        and abs(number) < 10**12
        and number == round(number, 6)
        and (kind != "text" or len(whole) <= 12)
    )
    if not fits:
        return None, source_text
    return number, None


def read(url: str) -> dict[Any, dict[str, tuple[str | None, Any]]]:
    """(text, value) of every column by id, as psycopg has them; None for a time that Python cannot hold."""

    class Loose(psycopg.adapt.Loader):
        def load(self, data):
            text = bytes(data).decode()
            if "BC" in text or "infinity" in text or len(text.split("-")[0]) > 4:
                return None
            moment = dt.datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)

    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        for kind in ("timestamptz", "timestamp", "date"):
            connection.adapters.register_loader(kind, Loose)
        # A float travels as the number it prints, a time as the instant in UTC: both are one text to compare rejects with.
        texts = {
            "float8": "({0}::text)::numeric::text",
            "timestamp": "({0} at time zone 'UTC')::text",
            "date": "({0}::timestamp at time zone 'UTC')::text",
        }
        shown = ", ".join(f"{texts.get(kind, '{0}::text').format(c)}, {c}" for c, (kind, _) in COLUMNS.items())
        rows = connection.execute(f"select id, {shown} from jtbd_outcomes where tenant_id = %s", [ACME]).fetchall()
    return {row[0]: {c: (row[1 + 2 * i], row[2 + 2 * i]) for i, c in enumerate(COLUMNS)} for row in rows}


@pytest.fixture(scope="module")
def hostile(module_database, counts) -> str:
    lab.create(module_database, jtbd_outcomes={column: kind for column, (kind, _) in COLUMNS.items()})
    rng = random.Random(7)
    n = counts(300, 10_000)
    rows = []
    for number in range(n):
        owner = ACME if number % 5 else BETA
        rows.append(
            {"tenant_id": owner}
            | {
                column: values[number] if number < len(values) else rng.choice(values)
                for column, (_, values) in COLUMNS.items()
            }
        )
        if number < max(len(values) for _, values in COLUMNS.values()):
            rows.append(rows[-1] | {"tenant_id": ACME, "id": uuid4()})
    for megabytes in (1, 5):
        rows.append(
            {"tenant_id": ACME, "outcome_statement": ('x"\n,é' * (megabytes * 200_000))[: megabytes * 1_000_000]}
        )
    for row in rows:
        row.setdefault("id", uuid4())
    lab.plant(module_database, {"jtbd_outcomes": rows})
    return module_database


def test_every_value_is_loaded_exactly_or_rejected_with_its_text(hostile):
    pulled = lab.pull(hostile, ACME, only=["jtbd_outcomes"])
    source = read(hostile)
    loaded = {row["id"]: row for row in pulled.dicts("jtbd_outcomes")}
    assert loaded.keys() == source.keys()
    refused = {(key, column): text for _, key, column, text in pulled.rows("rejects")}
    seen = set()
    for key, columns in source.items():
        for column, (text, value) in columns.items():
            fine, rejected = expected(column, text, value)
            assert loaded[key][column] == fine, (column, text)
            assert type(loaded[key][column]) is type(fine), (column, text)
            assert refused.pop((str(key), column), None) == rejected, (column, text)
            seen.add((column, "rejected" if rejected is not None else "loaded"))
    assert refused == {}
    numbers = {c for c, (kind, _) in COLUMNS.items() if c.endswith(("score", "_at"))}
    assert seen == {(c, "loaded") for c in COLUMNS} | {(c, "rejected") for c in numbers}


ALONE = [
    (column, value)
    for column in ("importance_score", "opportunity_score", "updated_at", "created_at", "deleted_at")
    for value in COLUMNS[column][1]
]


@pytest.mark.parametrize(("column", "text"), [case for case in ALONE if case[1] is not None])
def test_each_odd_value_is_recognised_when_it_is_the_only_one(hostile_alone, column, text):
    """One odd value makes the whole column travel as text; here no other one does that for it."""
    lab.empty(hostile_alone)
    plain = {"importance_score": "7.5", "opportunity_score": "7.5"}.get(column, "2026-01-02")
    lab.plant(hostile_alone, {"jtbd_outcomes": [{"tenant_id": ACME, column: text}, {"tenant_id": ACME, column: plain}]})
    pulled = lab.pull(hostile_alone, ACME, only=["jtbd_outcomes"])
    source, refused = read(hostile_alone), {row["row_key"]: row["text"] for row in pulled.dicts("rejects")}
    for row in pulled.dicts("jtbd_outcomes"):
        assert (row[column], refused.get(str(row["id"]))) == expected(column, *source[row["id"]][column])


@pytest.fixture(scope="module")
def hostile_alone(new_database) -> str:
    url = new_database()
    lab.create(url, jtbd_outcomes={column: kind for column, (kind, _) in COLUMNS.items()})
    return url


def test_the_counts_add_up_for_every_column(hostile):
    pulled = lab.pull(hostile, ACME, only=["jtbd_outcomes"])
    with psycopg.connect(hostile) as connection:
        names = ["*", *lab.columns("jtbd_outcomes")]
        wanted = connection.execute(
            f"select {', '.join(f'count({c})' for c in names)} from jtbd_outcomes where tenant_id = %s", [ACME]
        ).fetchone()
    counted = {row["column_name"]: row for row in pulled.dicts("counts")}
    for name, n in zip([None, *names[1:]], wanted, strict=True):
        row = counted[name]
        assert row["in_source"] == n == row["loaded"] + row["rejected"] + row["nulled"], name
    assert counted["importance_score"]["rejected"] > 0


def test_bad_scores_are_null_in_the_score_column(hostile):
    pulled = lab.pull(hostile, ACME, only=["jtbd_outcomes"])
    assert pulled.rows(
        "jtbd_outcomes", "count(*) filter (where isnan(importance_score::DOUBLE) or isinf(importance_score::DOUBLE))"
    ) == [(0,)]


@pytest.mark.parametrize("wrong", ["rows", "values"])
def test_a_count_that_does_not_add_up_stops_the_load(hostile, wrong, monkeypatch):
    counted = copy._count

    def off_by_one(*args):
        answer = counted(*args)
        return answer | (
            {"rows": answer["rows"] + 1}
            if wrong == "rows"
            else {"values evidence_source": answer["values evidence_source"] + 1}
        )

    monkeypatch.setattr(copy, "_count", off_by_one)
    with pytest.raises(WarehouseError, match=r"the source counted .* arrived"):
        lab.pull(hostile, ACME, only=["jtbd_outcomes"])


def test_a_count_that_fails_is_an_error_and_not_zero(hostile, monkeypatch):
    rows = connect.Source.rows

    def failing(self, statement, parameters=None):
        text = statement if isinstance(statement, str) else str(statement)
        return rows(self, "select 1 / 0" if "count(" in text else statement, parameters)

    monkeypatch.setattr(connect.Source, "rows", failing)
    with pytest.raises(SourceError, match="22012"):
        lab.pull(hostile, ACME, only=["jtbd_outcomes"])


def test_a_value_lost_on_the_way_stops_the_load(hostile, monkeypatch):
    """The same reconciliation, from the other end: the warehouse drops what it cannot read, and is found out."""
    monkeypatch.setitem(load._FITS, "decimal", "true")
    with pytest.raises((WarehouseError, load.duckdb.Error)):
        lab.pull(hostile, ACME, only=["jtbd_outcomes"])


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII", "WIN1252"])
def test_text_of_a_database_in_another_encoding(server, new_database, encoding):
    name = psycopg.conninfo.conninfo_to_dict(new_database())["dbname"]
    lab.run(
        server, f"drop database {name}", f"create database {name} encoding '{encoding}' template template0 locale 'C'"
    )
    url = server.replace("/postgres?", f"/{name}?")
    lab.create(url)
    with psycopg.connect(url, client_encoding="UTF8", autocommit=True) as connection:
        connection.execute(
            "insert into personas (id, tenant_id, name) values (gen_random_uuid(), %s, %s)", [ACME, "Zoë, 50 £"]
        )
    assert lab.pull(url, ACME, only=["personas"]).rows("personas", "name") == [("Zoë, 50 £",)]


def test_text_that_is_no_text_is_an_error(server, new_database):
    name = psycopg.conninfo.conninfo_to_dict(new_database())["dbname"]
    lab.run(
        server, f"drop database {name}", f"create database {name} encoding 'SQL_ASCII' template template0 locale 'C'"
    )
    url = server.replace("/postgres?", f"/{name}?")
    lab.create(url)
    lab.run(
        url,
        f"insert into personas (id, tenant_id, name) values (gen_random_uuid(), '{ACME}', E'canary\\xff')",
        f"insert into tenants (id, name) values ('{ACME}', E'canary\\xff')",
    )
    for read in (lambda: lab.pull(url, ACME, only=["personas"]), lambda: lab.pull(url, ACME, only=["tenants"])):
        with pytest.raises((SourceError, WarehouseError)) as caught:
            read()
        assert "canary" not in str(caught.value)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu"])
def test_a_time_without_a_zone_is_the_same_instant_on_every_machine(new_database, zone, monkeypatch):
    import time

    url = new_database()
    lab.create(url, personas={"created_at": "text", "updated_at": "timestamp"})
    lab.plant(
        url, {"personas": [{"tenant_id": ACME, "created_at": "2026-07-01 12:00", "updated_at": "2026-07-01 12:00"}]}
    )
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        noon = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
        assert lab.pull(url, ACME, only=["personas"]).rows("personas", "created_at, updated_at") == [(noon, noon)]
    finally:
        monkeypatch.undo()
        time.tzset()
