"""What every test may stand on: a real Postgres server, empty databases on it, and the sample tenants.

Everybody but the superuser needs a password here, as on a real server: make other roles with `new_role`.

VITAL_TEST_URL    a superuser's URL of a server to use instead of one of our own
VITAL_NO_SKIP=1   a skipped test is a failure
VITAL_PROVE=1     the counts of docs/promises.md (`counts`), and the tests marked `prove`
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg import sql

from vital_insights.demo.fill import create_reader, fill, with_parts
from vital_insights.demo.server import postgres

PROVE = os.environ.get("VITAL_PROVE") == "1"
NO_SKIP = os.environ.get("VITAL_NO_SKIP") == "1"

hypothesis.settings.register_profile(
    "vital",
    deadline=None,  # a database answers when it answers
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("vital")

NewDatabase = Callable[..., str]


@pytest.fixture(scope="session")
def counts() -> Callable[[int, int], int]:
    """`counts(small, proof)`: the small figure, or that of docs/promises.md under `make prove`."""
    return lambda small, proof: proof if PROVE else small


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The superuser's URL of a running server; one server per worker."""
    given = os.environ.get("VITAL_TEST_URL")
    if given:
        yield given
        return
    _sweep()
    # Not pytest's tmp_path: a socket's path must be short, and the account that runs the server must be able to enter.
    folder = Path(tempfile.mkdtemp(prefix=f"vital-test-{os.getpid()}-", dir="/tmp"))
    try:
        with postgres(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_database(server: str) -> Iterator[NewDatabase]:
    """`new_database()` gives the URL of an empty database, `new_database(url)` that of a copy of one nobody is connected to."""
    made: list[str] = []
    numbers = itertools.count()

    def make(template: str | None = None) -> str:
        name = f"vital_test_{os.getpid()}_{next(numbers)}"
        source = psycopg.conninfo.conninfo_to_dict(template)["dbname"] if template else "template0"
        _on(server, sql.SQL("create database {} template {}"), name, str(source))
        made.append(name)
        return with_parts(server, database=name)

    yield make
    for name in made:
        _on(server, sql.SQL("drop database if exists {} with (force)"), name)


@pytest.fixture
def database(server: str, new_database: NewDatabase) -> Iterator[str]:
    """The superuser's URL of an empty database of this test's own."""
    url = new_database()
    yield url
    _on(server, sql.SQL("drop database {} with (force)"), str(psycopg.conninfo.conninfo_to_dict(url)["dbname"]))


@pytest.fixture(scope="module")
def module_database(new_database: NewDatabase) -> str:
    """The superuser's URL of an empty database of this module's own."""
    return new_database()


@pytest.fixture(scope="session")
def new_role(server: str) -> Iterator[Callable[..., str]]:
    """`new_role(url, "BYPASSRLS")` gives that database's URL for a new role that can log in and has no grants."""
    made: list[tuple[str, str]] = []
    numbers = itertools.count()

    def make(url: str, options: str = "") -> str:
        name, password = f"vital_role_{os.getpid()}_{next(numbers)}", secrets.token_urlsafe(9)
        _on(server, sql.SQL("create role {} login password {} " + options), name, sql.Literal(password))
        made.append((url, name))
        return with_parts(url, user=name, password=password)

    yield make
    for url, name in made:
        _forget(server, url, name)


@pytest.fixture(scope="session")
def demo_template(new_database: NewDatabase) -> str:
    """A database filled with the sample tenants, for `new_database(demo_template)`: never connect to it."""
    url = new_database()
    fill(url)
    return url


@pytest.fixture(scope="session")
def demo_database(new_database: NewDatabase, demo_template: str) -> str:
    """The superuser's URL of the sample tenants. Read only: copy `demo_template` to change anything."""
    return new_database(demo_template)


@pytest.fixture(scope="session")
def demo_source(server: str, demo_database: str) -> Iterator[str]:
    """The sample tenants through the documented least-privilege role."""
    url = create_reader(demo_database)
    yield url
    _forget(server, demo_database, str(psycopg.conninfo.conninfo_to_dict(url)["user"]))


@pytest.fixture(scope="session")
def demo_warehouse(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a published snapshot of every sample tenant, made once and shared by all workers. Read only."""
    from vital_insights.pipeline import refresh
    from vital_insights.quality import QualityProcess
    from vital_insights.settings import Settings

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    warehouse = shared / "demo-warehouse"
    with (shared / "demo-warehouse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo-warehouse.done").exists():
            shutil.rmtree(warehouse, ignore_errors=True)
            settings = Settings(source_url=request.getfixturevalue("demo_source"), warehouse=warehouse)
            with QualityProcess() as checks:
                for slug in ("aldermoor", "carewick", "quillmark"):
                    assert refresh(slug, settings=settings, checks=checks).published
            (shared / "demo-warehouse.done").touch()
    return warehouse


def _sweep() -> None:
    """Stop and remove the servers of earlier runs that were killed."""
    for left in Path("/tmp").glob("vital-test-*"):
        if left.stat().st_uid == os.geteuid() and not Path("/proc", left.name.split("-")[2]).exists():
            with postgres(left):
                pass
            shutil.rmtree(left, ignore_errors=True)


@pytest.fixture
def free_port() -> int:
    """A port on 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _on(server: str, statement: sql.SQL, *names: str | sql.Composable) -> None:
    parts = [sql.Identifier(name) if isinstance(name, str) else name for name in names]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.format(*parts))


def _forget(server: str, database: str, role: str) -> None:
    """Drop a role with its grants; where the database is gone, its grants are gone with it."""
    with contextlib.suppress(psycopg.OperationalError):
        _on(database, sql.SQL("drop owned by {}"), role)
    _on(server, sql.SQL("drop role {}"), role)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not PROVE:
        proofs = [item for item in items if item.get_closest_marker("prove")]
        config.hook.pytest_deselected(items=proofs)
        items[:] = [item for item in items if item not in proofs]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    return _unskipped(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    return _unskipped(report)


def _unskipped(report):
    """Under VITAL_NO_SKIP a skip is a failure: a test that cannot run proves nothing."""
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and VITAL_NO_SKIP=1 forbids that: {report.longrepr}"
    return report
