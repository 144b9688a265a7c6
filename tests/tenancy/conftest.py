"""The contract's tables, empty, for a module of tests."""

import pytest

from tests.tenancy import lab
from tests.tenancy.worlds import UNDECLARED
from vital_insights.source.contract import TABLES


@pytest.fixture(scope="module")
def contract_database(new_database) -> str:
    """The superuser's URL of a database that holds every contract table, empty, each with a column that no document names."""
    url = new_database()
    lab.create(url, **{table: {UNDECLARED: "text"} for table in TABLES})
    return url
