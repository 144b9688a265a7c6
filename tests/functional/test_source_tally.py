"""Tables that are only counted: no text but a short code leaves the source, every row is counted, and what went wrong is named."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from uuid import uuid4

import pytest

from tests.tenancy import lab
from vital_insights.errors import SourceError
from vital_insights.source.contract import TABLES
from vital_insights.source.contract.vocabulary import WORDS
from vital_insights.source.tally import FREE_TEXT, MOST_CODES

ACME, BETA = uuid4(), uuid4()
TALLIES = [name for name, table in TABLES.items() if table.info["tally"]]
WITH_KIND = {
    name: table.info["tally"].kind for name, table in TABLES.items() if table.info["tally"] and table.info["tally"].kind
}
DAY = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)

CODES = [
    "login",
    "user.created",
    "jobs_to_be_done:update",
    "s3.upload",
    "oauth2-login",
    "http_404",
    "INSERT",
    "v2",
    "a" * 40,
]
TEXTS = [
    "Jane Doe", "jane@example.org", "Jane read the file of patient 4711", "", " ", "login\n", "+41 79 123 45 67", "079-123-45-67",
    "tel.079.123.4567", "4711", "756.1234.5678.97", str(uuid4()), "deadbeef0123", "sk-proj-4f9aQ7", "/patients/12", "José", "病院",
    "=1+1", "<script>x</script>", '{"a": 1}', "a" * 41, "x" * 1_000_000, FREE_TEXT,
]  # fmt: skip


@pytest.fixture(scope="module")
def source(module_database) -> str:
    lab.create(module_database)
    return module_database


@pytest.fixture
def emptied(source) -> str:
    lab.empty(source)
    return source


def kinds(pulled: lab.Pulled, table: str = "audit_log") -> Counter[str | None]:
    counted: Counter[str | None] = Counter()
    for kind, n in pulled.rows(table, f"{WITH_KIND[table]}, n"):
        counted[kind] += n
    return counted


@pytest.mark.parametrize("table", WITH_KIND)
def test_a_kind_leaves_as_a_word_or_a_short_code_and_every_row_is_counted(emptied, table):
    column = WITH_KIND[table]
    words = list(WORDS.get(TABLES[table].c[column].info.get("vocabulary"), ()))
    said = [*CODES, *CODES, *TEXTS, *words, None]
    lab.plant(emptied, {table: [{"tenant_id": owner, column: each} for owner in (ACME, BETA) for each in said]})
    pulled = lab.pull(emptied, ACME, only=[table])
    wanted = Counter(dict.fromkeys(CODES, 2)) + Counter(words) + Counter({FREE_TEXT: len(TEXTS), None: 1})
    assert kinds(pulled, table) == wanted
    assert pulled.found("free_text") == {("free_text", table, column): len(TEXTS)}
    assert not any(text in value for _, _, value in lab.texts(pulled.duck) for text in ("Jane", "@", "4711", "xxx"))


@pytest.mark.parametrize("n", [MOST_CODES, MOST_CODES + 1])
def test_more_codes_than_a_table_can_have_kinds_are_names_of_something(emptied, n):
    """Who has a user's name for a kind has one for each user: no more than a hundred leave, and the words stay."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    codes = [f"user.{letters[i // 26]}{letters[i % 26]}" for i in range(n)]
    rows = [{"tenant_id": ACME, "role": each} for each in [*codes, "system", "Jane Doe"]]
    lab.plant(emptied, {"expert_messages": rows, "jobs_to_be_done": [{"tenant_id": ACME}]})
    counted = kinds(lab.pull(emptied, ACME, only=["expert_messages"]), "expert_messages")
    assert counted == (
        dict.fromkeys(codes, 1) | {"system": 1, FREE_TEXT: 1} if n == MOST_CODES else {"system": 1, FREE_TEXT: n + 1}
    )


def test_ten_thousand_sentences_are_one_group_a_day(emptied):
    rows = [
        {"tenant_id": ACME, "action": f"Jane opened case {n}", "created_at": DAY + dt.timedelta(hours=n % 48)}
        for n in range(10_000)
    ]
    lab.plant(emptied, {"audit_log": rows})
    pulled = lab.pull(emptied, ACME, only=["audit_log"])
    days = Counter(row["created_at"].date() for row in rows)
    assert {day.date(): n for day, n in pulled.rows("audit_log", "day, n")} == days
    assert pulled.rows("inventory", "table_name, n_rows") == [("audit_log", 10_000)]


@pytest.mark.parametrize(("kind", "told", "withheld"), [
    ("mood", "happy", 0), ("varchar(9)", "happy", 0), ("int", FREE_TEXT, 1), ("jsonb", FREE_TEXT, 1),
    ("text[]", FREE_TEXT, 1), ("uuid", FREE_TEXT, 1),
])  # fmt: skip
def test_a_kind_of_another_type(new_database, kind, told, withheld):
    url = new_database()
    lab.run(url, "create type mood as enum ('happy')")
    with lab.psycopg.connect(url, autocommit=True) as connection:
        for table in ("tenants", "jobs_to_be_done"):
            lab.create_table(connection, table)
        lab.create_table(connection, "audit_log", action=kind)
    value = {"int": 5, "jsonb": '"Jane"', "text[]": "{Jane}", "uuid": uuid4()}.get(kind, "happy")
    lab.plant(url, {"audit_log": [{"tenant_id": ACME, "action": value}, {"tenant_id": ACME}]})
    pulled = lab.pull(url, ACME, only=["audit_log"])
    assert kinds(pulled) == {told: 1, None: 1}
    assert pulled.found("free_text") == ({("free_text", "audit_log", "action"): 1} if withheld else {})


ODD_DATES = ["infinity", "-infinity", "0044-03-15 BC", "200000-01-01", "9999-12-31", "0001-01-01", None]


@pytest.mark.parametrize("kind", ["date", "timestamp", "timestamptz", "text"])
@pytest.mark.parametrize("table", ["audit_log", "jobs_to_be_done"])
def test_dates_that_no_calendar_holds_are_counted_or_rejected_and_never_stop_a_refresh(new_database, table, kind):
    url = new_database()
    with lab.psycopg.connect(url, autocommit=True) as connection:
        for each in ("tenants", "jobs_to_be_done", "audit_log"):
            lab.create_table(connection, each, **({"created_at": kind} if each == table else {}))
    # A date reaches further than an instant of Postgres itself.
    odd = [*ODD_DATES, *(["5874897-12-31"] if kind == "date" else [])]
    lab.plant(url, {table: [{"tenant_id": ACME, "created_at": each} for each in [*odd, "2026-01-02", "2026-01-02"]]})
    pulled = lab.pull(url, ACME, only=[table])
    last, first = dt.datetime(9999, 12, 31, tzinfo=dt.UTC), dt.datetime(1, 1, 1, tzinfo=dt.UTC)
    if table == "jobs_to_be_done":
        assert Counter(pulled.rows(table, "created_at")) == {(DAY,): 2, (last,): 1, (first,): 1, (None,): len(odd) - 2}
        assert len(pulled.rows("rejects")) == len(odd) - 3
    elif kind == "text":  # a date that is spelt may mean anything: the rows are counted without one
        assert pulled.rows(table, "day, n") == [(None, len(odd) + 2)]
        assert pulled.found("undated") == {("undated", table, "created_at"): len(odd) + 1}
    else:
        assert dict(pulled.rows(table, "day, n")) == {DAY: 2, last: 1, first: 1, None: len(odd) - 2}
        assert pulled.found("undated") == {("undated", table, "created_at"): len(odd) - 3}


@pytest.mark.parametrize("kind", ["view", "partitioned", "materialised", "foreign"])
def test_a_tally_of_another_kind_of_relation(new_database, kind):
    url = new_database()
    with lab.psycopg.connect(url, autocommit=True) as connection:
        for table in ("tenants", "jobs_to_be_done", "audit_log"):
            lab.create_table(connection, table)
    lab.plant(
        url, {"audit_log": [{"tenant_id": owner, "action": "login", "created_at": DAY} for owner in (ACME, ACME, BETA)]}
    )
    lab.run(url, "create schema far", "alter table audit_log set schema far")
    parts = lab.psycopg.conninfo.conninfo_to_dict(url)
    lab.run(url, *{
        "view": ["create view audit_log as select tenant_id, action, created_at from far.audit_log"],
        "partitioned": [
            "create table audit_log (like far.audit_log) partition by range (created_at)",
            "create table old_log partition of audit_log for values from (minvalue) to (maxvalue)",
            "insert into audit_log select * from far.audit_log",
        ],
        "materialised": ["create materialized view audit_log as select * from far.audit_log"],
        "foreign": [
            "create extension postgres_fdw",
            f"create server itself foreign data wrapper postgres_fdw options (host '{parts['host']}', dbname '{parts['dbname']}')",
            "create user mapping for current_user server itself",
            "import foreign schema far from server itself into public",
        ],
    }[kind])  # fmt: skip
    pulled = lab.pull(url, ACME, only=["audit_log"])
    assert pulled.rows("audit_log", "action, day, n") == [("login", DAY, 2)]
    assert not pulled.found("missing_column", "retyped_column", "unscopable")


@pytest.mark.parametrize("table", TALLIES)
def test_a_tally_of_no_row_is_there_and_counts_none(emptied, table):
    pulled = lab.pull(emptied, ACME, only=[table])
    assert pulled.rows(table) == []
    assert pulled.rows("inventory", "is_present, n_rows") == [(True, 0)]
    assert not pulled.found("free_text", "undated", "withheld")


def test_a_table_that_outlasts_its_deadline_is_named_with_what_to_do(new_database):
    url = new_database()
    with lab.psycopg.connect(url, autocommit=True) as connection:
        for table in ("tenants", "jobs_to_be_done", "audit_log"):
            lab.create_table(connection, table)
    lab.plant(url, {"audit_log": [{"tenant_id": ACME, "action": "login"}]})
    lab.run(
        url, "alter table audit_log rename to kept", "create view audit_log as select kept.* from kept, pg_sleep(30)"
    )
    with pytest.raises(
        SourceError, match=r"public\.audit_log: .*took too long[\s\S]*VITAL_STATEMENT_TIMEOUT.*index"
    ) as caught:
        lab.pull(lab.settings_of(url, statement_timeout=0.5), ACME)
    assert caught.value.exit_code == 10


def test_of_two_names_that_are_one_table_the_other_is_named(new_database):
    url = new_database()
    with lab.psycopg.connect(url, autocommit=True) as connection:
        for table in ("tenants", "jobs_to_be_done", "workflows", "workflow_executions", "workflow_execution_steps"):
            lab.create_table(connection, table)
    lab.run(url, "create table workflow_steps (like workflow_execution_steps)")
    run = {"id": uuid4(), "tenant_id": ACME}
    lab.plant(
        url,
        {"workflow_executions": [run], "workflow_execution_steps": [{"tenant_id": ACME, "execution_id": run["id"]}]},
    )
    lab.run(url, f"insert into workflow_steps (id, tenant_id, status) values (gen_random_uuid(), '{ACME}', 'older')")
    both = lab.pull(url, ACME, only=["workflow_execution_steps"])
    assert both.rows("workflow_execution_steps", "status") == [(None,)]
    assert both.found("second_name") == {("second_name", "workflow_execution_steps", None): 1}
    chosen = lab.pull(
        url, ACME, only=["workflow_execution_steps"], mapping={"workflow_execution_steps": "workflow_steps"}
    )
    assert chosen.rows("workflow_execution_steps", "status") == [("older",)]
    assert not chosen.found("second_name")
    lab.run(url, "drop table workflow_execution_steps")
    assert lab.pull(url, ACME, only=["workflow_execution_steps"]).rows("workflow_execution_steps", "status") == [
        ("older",)
    ]
