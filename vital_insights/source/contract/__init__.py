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

# Asked for members' addresses, never loaded: no raw table, no COPY, no metric knows of them.
LOOKUPS: dict[str, Table] = dict(LOOKED_UP.tables)
