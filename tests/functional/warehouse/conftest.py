"""Snapshots to publish, to spoil and to read."""

import shutil
from uuid import UUID

import pytest

from tests import worlds
from tests.worlds import uid
from vital_insights import insights
from vital_insights.settings import Settings


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished file of acme, as the writer hands it to publish."""
    folder = tmp_path_factory.mktemp("finished") / str(worlds.ACME)
    return worlds.publish(folder, worlds.SMALL)


@pytest.fixture
def warehouse(tmp_path):
    return tmp_path / "warehouse"


@pytest.fixture
def folder(warehouse):
    return warehouse / str(worlds.ACME)


BETA = UUID("bbbbbbbb-0000-4000-8000-000000000002")


@pytest.fixture(scope="module")
def two_tenants(tmp_path_factory):
    """Two tenants; acme has two snapshots."""
    folder = tmp_path_factory.mktemp("warehouse")
    worlds.publish(folder / str(worlds.ACME), {})
    worlds.publish(folder / str(worlds.ACME), worlds.SMALL)
    worlds.publish(
        folder / str(BETA), {"jobs_to_be_done": [{"id": uid("beta"), "name": "canary of beta"}]}, BETA, "beta"
    )
    return folder


@pytest.fixture(scope="module")
def chosen(two_tenants):
    return Settings(warehouse=two_tenants)


@pytest.fixture(scope="module")
def acme(chosen):
    with insights.open_tenant("acme", settings=chosen) as opened:
        yield opened


@pytest.fixture
def copied(two_tenants, tmp_path):
    """A copy of the warehouse that a test may spoil."""
    shutil.copytree(two_tenants, tmp_path / "copied")
    return tmp_path / "copied"
