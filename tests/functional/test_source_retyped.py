"""Promise 13, retyped columns: cast where nothing is lost, else rejected with the original text and named as drift."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.tenancy import lab

ACME = uuid4()


# What a retyped column holds -> what is loaded; a value that is rejected is written `Reject(its text)`.
class Reject(str):
    __slots__ = ()


U = UUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
D, T = Decimal, lambda *parts: dt.datetime(*parts, tzinfo=dt.UTC)
RETYPED = {
    "jtbd_outcomes.importance_score": {
        "text": {
            "8.5": D("8.5"),
            " 7 ": D(7),
            "+6": D(6),
            "8,5": Reject("8,5"),
            "": Reject(""),
            "high": Reject("high"),
            "NaN": Reject("NaN"),
            "1e1": Reject("1e1"),
            "0x10": Reject("0x10"),
            "1_0": Reject("1_0"),
            "8.12345678": Reject("8.12345678"),
            "8.1000000": D("8.1"),
        },
        "varchar(9)": {"8.25": D("8.25"), "n/a": Reject("n/a")},
        "char(9)": {"8.25": D("8.25")},
        "float8": {
            8.25: D("8.25"),
            0.1: D("0.1"),
            1e6: D(1000000),
            1e-7: Reject("0.0000001"),
            float("nan"): Reject("NaN"),
            float("inf"): Reject("Infinity"),
            1 / 3: Reject("0.3333333333333333"),
        },
        "float4": {8.25: D("8.25"), 0.1: D("0.1")},
        "int": {7: D(7), -1: D(-1)},
        "smallint": {7: D(7)},
        "bigint": {10**12: Reject("1000000000000"), 10**12 - 1: D(10**12 - 1)},
        "numeric": {D("8.123456"): D("8.123456"), D("8.1234567"): Reject("8.1234567"), D("NaN"): Reject("NaN")},
        "numeric(3,1)": {D("8.5"): D("8.5")},
        "score": {"8.5": D("8.5")},
        "score_of_score": {"8.5": D("8.5")},
        "grade": {"8.5": D("8.5"), "high, or so": Reject("high, or so")},
        "jsonb": {'"8.5"': Reject('"8.5"'), "8.5": D("8.5"), "null": Reject("null")},
        "text[]": {"{8.5}": Reject("{8.5}")},
        "boolean": {True: Reject("true")},
        "money": {"8.50": Reject("$8.50")},
    },
    "jtbd_outcomes.outcome_statement": {
        "grade": {"high, or so": "high, or so"},
        "varchar(20)": {"a,b": "a,b"},
        "phrase": {"é\n": "é\n"},
        "int": {5: "5"},
        "jsonb": {'{"a": 1.10}': '{"a": 1.10}'},
        "text[]": {'{a,"b,c",NULL}': '["a", "b,c", null]'},
        "uuid": {str(U): str(U)},
        "bytea": {b"\x00\xff": "\\x00ff"},
        "date": {"2026-01-02": "2026-01-02"},
        "interval": {"1 day": "P1D"},
        "name": {"n": "n"},
        "grade[]": {'{"high, or so"}': '["high, or so"]'},
        "numeric": {D("1.50"): "1.50"},
        "boolean": {True: "true"},
        "char(3)": {"a": "a"},
    },
    "jobs_to_be_done.domain_id": {
        "text": {str(U): U, str(U).upper(): U, f"{{{U}}}": U, "no uuid": Reject("no uuid"), "": Reject("")},
        "varchar(40)": {str(U): U},
        "int": {5: Reject("5")},
        "key": {str(U): U},
    },
    "jobs_to_be_done.created_at": {
        "timestamp": {"2026-01-02 03:04:05.678901": T(2026, 1, 2, 3, 4, 5, 678901), "infinity": Reject("infinity")},
        "date": {"2026-01-02": T(2026, 1, 2), "infinity": Reject("infinity")},
        "timestamptz(0)": {"2026-01-02 03:04:05+02": T(2026, 1, 2, 1, 4, 5)},
        "text": {
            "2026-01-02 03:04:05+00": T(2026, 1, 2, 3, 4, 5),
            "2026-01-02": T(2026, 1, 2),
            "2026-01-02T03:04": T(2026, 1, 2, 3, 4),
            "2026-01-02 00:00:00.1234567": Reject("2026-01-02 00:00:00.1234567"),
            "2026-01-02 00:00:00.1234560": T(2026, 1, 2, 0, 0, 0, 123456),
            "tomorrow": Reject("tomorrow"),
            "infinity": Reject("infinity"),
            "31.12.2026": Reject("31.12.2026"),
        },
        "int": {20260102: Reject("20260102")},
        "time": {"03:04": Reject("03:04:00")},
    },
    "jtbd_roles.is_primary": {
        "text": {"true": True, "f": False, "yes": True, "maybe": Reject("maybe"), "": Reject("")},
        "int": {1: True, 0: False, 2: Reject("2")},
        "bit": {"1": True},
        "truth": {True: True},
    },
}
NEW_TYPES = [
    "create type grade as enum ('high, or so', '8.5')",
    "create domain score as numeric(4,2)",
    "create domain score_of_score as score",
    "create domain phrase as text",
    "create domain key as uuid",
    "create domain truth as boolean",
]
TYPES = {
    "numeric": "DECIMAL(18,6)",
    "text": "VARCHAR",
    "uuid": "UUID",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
    "boolean": "BOOLEAN",
}
# What needs no finding: types of the same family, whose values are looked at one by one, and anything at all as text.
CARRIED = {
    "numeric": {"float8", "float4", "int", "smallint", "bigint", "numeric", "numeric(3,1)", "score"},
    "timestamptz": {"timestamp", "date", "timestamptz(0)"},
    "text": set(RETYPED["jtbd_outcomes.outcome_statement"]),
    "uuid": {"key"},
    "boolean": {"truth"},
}
CASES = [(column, kind, values) for column, kinds in RETYPED.items() for kind, values in kinds.items()]


@pytest.fixture(scope="module")
def retyping(new_database) -> str:
    url = lab.planted(new_database(), ACME)
    lab.run(url, *NEW_TYPES)
    return url


# A new case clears what the one before it planted.
PLANTED = {"jtbd_roles": "true", "jobs_to_be_done": "name is null", "jtbd_outcomes": "outcome_type is null"}


def insert(url: str, table: str, column: str, kind: str, values: list[object]) -> None:
    """One row of ACME a value; a link's row belongs to one of its jobs and roles."""
    if lab.is_link(table):
        keys, source = "jtbd_id, role_id", "j.id, r.id, %s from jobs_to_be_done j, org_roles r limit 1"
    else:
        keys, source = "tenant_id", f"'{ACME}', %s"
    statement = f"insert into {table} (id, {keys}, {column}) select gen_random_uuid(), {source}".replace(
        "%s", f"%s::{kind}"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        for value in values:
            connection.execute(statement, [value if isinstance(value, bytes) else str(value)])


@pytest.mark.parametrize(("where", "kind", "values"), CASES, ids=[f"{where}-{kind}" for where, kind, _ in CASES])
def test_a_retyped_column_is_cast_where_lossless_and_else_rejected(retyping, where, kind, values):
    table, column = where.split(".")
    lab.run(
        retyping,
        f"delete from {table} where {PLANTED[table]}",
        f"alter table {table} drop column {column}",
        f"alter table {table} add {column} {kind}",
    )
    insert(retyping, table, column, kind, list(values))
    pulled = lab.pull(retyping, ACME, only=[table])
    wanted = [value for value in values.values() if not isinstance(value, Reject)]
    loaded = [value for (value,) in pulled.rows(table, column) if value is not None]
    assert sorted(loaded) == sorted(wanted)
    assert {type(value) for value in loaded} == {type(value) for value in wanted}
    refused = [
        row["text"] for row in pulled.dicts("rejects") if (row["table_name"], row["column_name"]) == (table, column)
    ]
    assert sorted(refused) == sorted(value for value in values.values() if isinstance(value, Reject))
    assert dict(pulled.described(table))[column] == TYPES[lab.kind(table, column)]
    named = ("retyped_column", table, column) in pulled.found("retyped_column")
    assert named == (kind not in CARRIED[lab.kind(table, column)])
