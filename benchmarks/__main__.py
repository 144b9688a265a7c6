"""`make bench`: run every benchmark of this folder, or those that are named, and print one table.

python -m benchmarks                                        # all of them
python -m benchmarks dashboards --page Landscape            # one page, and --rounds for more of its rounds
python -m benchmarks dashboards sessions --warehouse FOLDER # over sample tenants that are there already
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from functools import partial
from importlib.metadata import version
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks import dashboards, extraction, metrics, quality, refresh, sessions
from vital_insights.demo.server import postgres

LIBRARIES = ("duckdb", "polars", "psycopg", "sqlalchemy", "pyarrow", "streamlit", "plotly")
NAMES = ("extraction", "refresh", "metrics", "quality", "dashboards", "sessions")


def main(asked: argparse.Namespace) -> None:
    told = {"warehouse": asked.warehouse} | ({"rounds": asked.rounds} if asked.rounds else {})
    benchmarks = {
        "extraction": extraction.rows,
        "refresh": refresh.rows,
        "metrics": metrics.rows,
        "quality": quality.rows,
        "dashboards": partial(dashboards.rows, wanted=asked.page, **told),
        "sessions": partial(sessions.rows, **told),
    }
    table = Table(
        "what", "rows", "median", "against", "ratio", "lowest-highest", "peak memory", title="Ratios of one run"
    )
    cluster = Path(tempfile.mkdtemp(prefix="vital-", dir="/tmp"))  # a socket's path must be short
    try:
        with postgres(cluster) as server:
            with psycopg.connect(server) as connection:
                postgresql = f"PostgreSQL {connection.info.server_version / 10000:.4g}"
            for name in asked.names or NAMES:
                with tempfile.TemporaryDirectory() as folder:
                    for row in benchmarks[name](server, Path(folder)):
                        table.add_row(*row)
                        print("…", " · ".join(row), file=sys.stderr)
    finally:
        shutil.rmtree(cluster)
    console = Console(width=150)
    console.print(table)
    versions = " · ".join(f"{name} {version(name)}" for name in LIBRARIES)
    console.print(f"Python {platform.python_version()} · {versions} · {os.cpu_count()} processors · {postgresql}")


parser = argparse.ArgumentParser(
    prog="python -m benchmarks", description="Ratios of one run, as a table with versions."
)
parser.add_argument(
    "names", nargs="*", choices=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}; all where none is named"
)
parser.add_argument("--page", action="append", default=[], help="the title of a page; may be repeated (dashboards)")
parser.add_argument("--rounds", type=int, help="how often each is measured (dashboards, sessions)")
parser.add_argument(
    "--warehouse", type=Path, help="a folder with the sample tenants, made where none is told (dashboards, sessions)"
)
main(parser.parse_args())
