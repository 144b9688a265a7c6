"""`make bench`: run every benchmark of this folder and print one table."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import extraction
from vital_insights.demo.server import postgres

LIBRARIES = ("duckdb", "polars", "psycopg", "sqlalchemy", "pyarrow")


def main() -> None:
    table = Table(
        "what", "rows", "median", "against", "ratio", "lowest-highest", "peak memory", title="Ratios of one run"
    )
    cluster = Path(tempfile.mkdtemp(prefix="vital-", dir="/tmp"))  # a socket's path must be short
    try:
        with tempfile.TemporaryDirectory() as folder, postgres(cluster) as server:
            for row in extraction.rows(server, Path(folder)):
                table.add_row(*row)
                print("…", " · ".join(row), file=sys.stderr)
    finally:
        shutil.rmtree(cluster)
    console = Console(width=140)
    console.print(table)
    versions = " · ".join(f"{name} {version(name)}" for name in LIBRARIES)
    console.print(
        f"Python {platform.python_version()} · {versions} · {os.cpu_count()} processors · {extraction.SERVER['version']}"
    )


main()
