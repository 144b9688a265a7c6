"""Promises 16 and 18, the source's part: one sentence and a hint; no password, no row value, no driver's traceback."""

from __future__ import annotations

import socket
import traceback
from collections.abc import Callable
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import PROVE
from tests.tenancy import lab
from vital_insights.errors import SourceError, TenantUnknown, UsageError, VitalError
from vital_insights.source import connect, doctor, drift, tenants
from vital_insights.tenancy import Tenant

SECRET = "Tr0ub4dor&3"
ACME, BETA = uuid4(), uuid4()

MALFORMED = [
    f"postgresql://reader:{SECRET}",
    f"postgresql://reader:{SECRET}@",
    f"postgresql://reader:{SECRET}@/",
    f"postgresql://reader:{SECRET}@host:port/db",
    f"postgresql://reader:{SECRET}@host:99999999/db",
    f"postgresql://reader:{SECRET}@[::1/db",
    f"postgresql://reader:{SECRET}@@127.0.0.1/db",
    f"postgresql://reader:x@{SECRET}@127.0.0.1:1/db",
    f"postgresql://reader:x@{SECRET}/y@127.0.0.1:1/db",
    f"postgresql://reader:x@{SECRET}?y@127.0.0.1:1/db",
    f"postgresql://reader:x@{SECRET}#y@127.0.0.1:1/db",
    f"postgresql://127.0.0.1:1/db?password={SECRET}&sslmode=perhaps",
    f"postgresql://127.0.0.1:1/db?passwort={SECRET}",
    f"postgresql://127.0.0.1:1/db?options={SECRET}&options=twice",
    f"postgresql://reader:%zz{SECRET}@127.0.0.1:1/db",
    f"postgresql://reader:{SECRET}%00@127.0.0.1:1/db",
    f"postgresql://reader:{SECRET}\n@127.0.0.1:1/db",
    f"mysql://reader:{SECRET}@127.0.0.1/db",
    f"postgresql+asyncpg://reader:{SECRET}@127.0.0.1/db",
    f"http://reader:{SECRET}@127.0.0.1/db",
    f"reader:{SECRET}@127.0.0.1/db",
    f"host=127.0.0.1 password={SECRET}",
    f"//reader:{SECRET}@127.0.0.1",
    SECRET,
    "",
    " ",
    f"postgresql://{'h' * 300}:{SECRET}@127.0.0.1:1/db",
    f"postgresql://reader:{SECRET}@{'h' * 300}:1/db",
    f"postgresql://reader:{SECRET}@..:1/db",
    f"postgresql://reader:{SECRET}@127.0.0.1:1/db?sslmode=verify-full&sslrootcert=/{SECRET}",
    f"postgresql://reader:{SECRET}@127.0.0.1:1/db?service={SECRET}",
    f"postgresql://reader:{SECRET}@127.0.0.1:1/db?host=127.0.0.1&port=1&user=other",
    f"postgresql://reader@127.0.0.1:1/db?password={SECRET}",
    f"postgresql://reader:x@127.0.0.1:1/db?password={SECRET}&conninfo={SECRET}",
    f"postgresql://reader:x@127.0.0.1:1/db?port={SECRET}",
    f"postgresql://127.0.0.1:1/db?user=reader:{SECRET}",
]


def told(url: str) -> VitalError:
    """The error of reading from that URL, its whole printed form searched for the secret."""
    with pytest.raises(VitalError) as caught, connect.transaction(lab.settings_of(url, connect_timeout=2)) as source:
        source.rows("select 1")
    plain(caught.value, SECRET)
    return caught.value


def plain(error: BaseException, *secrets: str) -> None:
    """One sentence and a hint, and nothing of a driver, a password or a row in what would be printed."""
    sentence, _, hint = str(error).partition("\n\nHint: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert hint
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    printed = "".join(traceback.format_exception(error))
    for secret in secrets:
        # Source lines of this file stand in a traceback; a value of ours would come with the message.
        assert secret not in str(error)
        assert secret not in repr(error)
    assert "psycopg.errors" not in printed.replace("except psycopg.errors", "")
    assert "During handling" not in printed


@pytest.mark.parametrize("url", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_url_is_told_without_its_password(url):
    error = told(url)
    assert isinstance(error, UsageError | SourceError)
    for piece in (SECRET, SECRET[:6], SECRET[4:], quote(SECRET)):
        assert piece not in str(error)


@settings(max_examples=5000 if PROVE else 100)
@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=8, max_size=24),
    st.sampled_from(["", "@", "/", "?", "#", ":", "%", "@/", "[", "\\"]),
)
def test_any_password_written_raw_stays_out_of_the_message(body, odd):
    secret = f"Zq{body[:4]}{odd}{body[4:]}Qz"
    for url in (f"postgresql://reader:{secret}@127.0.0.1:1/db", f"postgresql://127.0.0.1:1/db?password={secret}"):
        with pytest.raises(VitalError) as caught, connect.transaction(lab.settings_of(url, connect_timeout=2)):
            raise AssertionError("connected")
        assert "Zq" not in str(caught.value)
        assert "Qz" not in str(caught.value)


def test_the_settings_do_not_show_the_url():
    shown = lab.settings_of(f"postgresql://reader:{SECRET}@127.0.0.1:1/db")
    assert SECRET not in repr(shown) + str(shown) + str(shown.model_dump())


def test_no_source_at_all(monkeypatch):
    monkeypatch.delenv("VITAL_SOURCE_URL", raising=False)
    with pytest.raises(UsageError, match="No source is set") as caught, connect.transaction(lab.Settings()):
        pass
    assert "VITAL_SOURCE_URL" in str(caught.value)


def refused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        return line.getsockname()[1]


UNREACHABLE: dict[str, tuple[Callable[[str], str], str]] = {
    "wrong password": (lambda url: url.replace(quote(SECRET), "wrong"), "refused the user or the password"),
    "no password": (lambda url: url.replace(f":{quote(SECRET)}@", "@"), "refused the user or the password"),
    "unknown user": (lambda url: url.replace("reader_", "nobody_"), "refused the user or the password"),
    "unknown database": (lambda url: url.replace("/vital_test", "/no_vital_test"), "no such database"),
    "unknown host": (lambda _: f"postgresql://reader:{quote(SECRET)}@host.invalid/db", "host host.invalid is unknown"),
    "refused port": (
        lambda _: f"postgresql://reader:{quote(SECRET)}@127.0.0.1:{refused_port()}/db",
        "No Postgres can be reached",
    ),
    "no socket": (
        lambda _: f"postgresql://reader:{quote(SECRET)}@/db?host=/nowhere",
        "No Postgres can be reached at /nowhere",
    ),
    "odd sslmode": (lambda url: f"{url}&sslmode=perhaps", "does not accept this connection"),
    "ssl that is not there": (
        lambda _: f"postgresql://reader:{quote(SECRET)}@127.0.0.1:{refused_port()}/db?sslmode=require",
        "reached",
    ),
}


@pytest.mark.parametrize("case", UNREACHABLE)
def test_a_source_that_cannot_be_reached(module_database, case):
    name = f"reader_{uuid4().hex[:8]}"
    lab.run(module_database, f"create role {name} login password '{SECRET}'")
    try:
        url = module_database.replace("postgres@", f"{name}:{quote(SECRET)}@", 1)
        with connect.transaction(lab.settings_of(url)) as source:
            assert source.user == name  # the URL is right until the case makes it wrong
        change, sentence = UNREACHABLE[case]
        error = told(change(url))
        assert sentence in str(error)
        assert error.exit_code == 10
    finally:
        lab.run(module_database, f"drop role {name}")


@pytest.fixture(scope="module")
def named(new_database) -> str:
    """Three tenants: two share a slug, and one bears another's id for a slug."""
    url = new_database()
    lab.create(url)
    lab.plant(
        url,
        {
            "tenants": [
                {"id": ACME, "slug": "acme", "name": "Acme"},
                {"id": BETA, "slug": str(ACME), "name": "Thief"},
                {"slug": "twin", "name": "One"},
                {"slug": "twin", "name": "Two"},
            ]
        },
    )
    return url


def find(url: str, name: str) -> Tenant:
    made = lab.settings_of(url)
    with connect.transaction(made) as source:
        return tenants.find(source, drift.bind(drift.catalog(source), made), name)


def test_a_tenant_is_found_by_slug_or_uuid_and_an_id_is_never_taken_over(named):
    assert find(named, "acme").id == ACME
    assert find(named, str(BETA)).name == "Thief"
    assert find(named, str(ACME).upper()).id == ACME
    assert find(named, str(ACME)).name == "Acme"  # not the tenant that took this id for its slug


def test_a_slug_that_two_bear_names_neither(named):
    with pytest.raises(TenantUnknown, match="2 tenants are called 'twin'") as caught:
        find(named, "twin")
    assert caught.value.exit_code == 13


@settings(max_examples=5000 if PROVE else 60)
@given(st.one_of(st.text(max_size=200), st.from_regex(r"(\.\./)*[a-z'%\";\\-]{1,20}"), st.uuids().map(str)))
@example("'; drop table tenants; --")
@example("../../etc/passwd")
@example("\0")
@example("acme\0")
@example("x" * 100_000)
@example("%s%(tenant)s%%")
@example("acme' or '1'='1")
@example("\ud800")
@example("ACME")
@example("acme ")
@example("ａｃｍｅ")
@example("{" + str(ACME) + "}")
def test_any_other_name_is_unknown_in_one_sentence(named, name):
    if name in ("acme", "twin", str(ACME), str(BETA)):
        return
    with pytest.raises(TenantUnknown) as caught:
        find(named, name)
    assert len(str(caught.value)) < 500
    assert caught.value.exit_code == 13


def test_the_tenants_are_still_there(named):
    with psycopg.connect(named) as connection:
        assert connection.execute("select count(*) from tenants").fetchone() == (4,)


def test_a_tenant_whose_id_is_no_uuid_is_not_offered(database):
    lab.create(database, tenants={"id": "text", "slug": "text"})
    lab.plant(
        database,
        {
            "tenants": [
                {"id": "one", "slug": "one"},
                {"id": str(ACME), "slug": "acme"},
                {"id": str(BETA).upper(), "slug": None},
            ]
        },
    )
    assert find(database, "acme").id == ACME
    assert find(database, str(BETA)).id == BETA
    with pytest.raises(TenantUnknown):
        find(database, "one")
    assert not [line for line in doctor.examine(lab.settings_of(database)) if line.status == "problem"]


FAILING = {
    "division": "create view personas as select id, tenant_id, name, (1 / (length(name) - length(name)))::text as title from kept",
    "cast": "create view personas as select id, tenant_id, name, name::int::text as title from kept",
    "function": "create function boom(text) returns text language plpgsql as $$ begin raise exception 'row is %', $1; end $$;"
    "create view personas as select id, tenant_id, name, public.boom(name) as title from kept",
    "xml": "create view personas as select id, tenant_id, name, xmlparse(document name)::text as title from kept",
}


@pytest.mark.parametrize("case", FAILING)
def test_a_failing_row_is_not_quoted(database, case, capfd, caplog):
    canary = "canary 4711 <of a row>"
    lab.create(database)
    lab.plant(database, {"personas": [{"tenant_id": ACME, "name": canary}]})
    lab.run(database, "alter table personas rename to kept", FAILING[case])
    with caplog.at_level("DEBUG"), pytest.raises(SourceError) as caught:
        lab.pull(database, ACME, only=["personas"])
    plain(caught.value, canary, "canary", "4711")
    assert "canary" not in caplog.text + "".join(capfd.readouterr())


def test_an_option_given_twice_is_refused_and_not_dropped():
    with (
        pytest.raises(UsageError, match="an option twice"),
        connect.transaction(lab.settings_of("postgresql://u@/db?host=one&host=two")),
    ):
        pass
