"""`make bench`: run every benchmark of this folder, or the one that is named, and print one table."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks import dashboards, extraction, metrics, quality
from vital_insights.demo.server import postgres

LIBRARIES = ("duckdb", "polars", "psycopg", "sqlalchemy", "pyarrow", "streamlit", "plotly")
BENCHMARKS = {
    "extraction": extraction.rows,
    "metrics": metrics.rows,
    "quality": quality.rows,
    "dashboards": dashboards.rows,
}


def main(chosen: list[str]) -> None:
    if not set(chosen) <= set(BENCHMARKS):
        raise SystemExit(f"There are the benchmarks {', '.join(BENCHMARKS)}.")
    table = Table(
        "what", "rows", "median", "against", "ratio", "lowest-highest", "peak memory", title="Ratios of one run"
    )
    cluster = Path(tempfile.mkdtemp(prefix="vital-", dir="/tmp"))  # a socket's path must be short
    try:
        with postgres(cluster) as server:
            with psycopg.connect(server) as connection:
                postgresql = f"PostgreSQL {connection.info.server_version / 10000:.4g}"
            for name in chosen or BENCHMARKS:
                with tempfile.TemporaryDirectory() as folder:
                    for row in BENCHMARKS[name](server, Path(folder)):
                        table.add_row(*row)
                        print("…", " · ".join(row), file=sys.stderr)
    finally:
        shutil.rmtree(cluster)
    console = Console(width=150)
    console.print(table)
    versions = " · ".join(f"{name} {version(name)}" for name in LIBRARIES)
    console.print(f"Python {platform.python_version()} · {versions} · {os.cpu_count()} processors · {postgresql}")


main(sys.argv[1:])
