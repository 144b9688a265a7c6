"""The contract's tables, empty, for a module of tests."""

import pytest

from tests.tenancy import lab


@pytest.fixture(scope="module")
def contract_database(new_database) -> str:
    """The superuser's URL of a database that holds every contract table, empty."""
    url = new_database()
    lab.create(url)
    return url
