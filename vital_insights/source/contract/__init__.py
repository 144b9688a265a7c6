"""The tables we read. A module per area; a table is one entry and takes part everywhere by being declared."""

import importlib
import pkgutil

from sqlalchemy import Table

from vital_insights.source.contract.declare import LOOKED_UP, METADATA

VERSION = 3

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
    for _table in METADATA.tables.values():
        _table.info.setdefault("area", _module.name)

TABLES: dict[str, Table] = dict(METADATA.tables)

# Of a table whose rows others point at, the id is read even where the table is only counted.
_POINTED_AT = {column.info["to"] for table in TABLES.values() for column in table.columns if "to" in column.info}

# Asked for members' addresses, never loaded: no raw table, no COPY, no metric knows of them.
LOOKUPS: dict[str, Table] = dict(LOOKED_UP.tables)


def read_of(declared: Table) -> list[str]:
    """The columns of a table of the contract that a refresh reads, by their names there: all but the private ones."""
    pointed_at = declared.name in _POINTED_AT
    return [c.name for c in declared.columns if c.info["level"] != "private" or (c.name == "id" and pointed_at)]
