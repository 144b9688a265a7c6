"""One large tenant as a published snapshot, made by the steps of a refresh, without Postgres and without the checks."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.metrics import RAW, TENANT
from vital_insights.quality import Verdict
from vital_insights.source.contract import TABLES
from vital_insights.source.copy import absent
from vital_insights.warehouse import snapshot, writer

SLUG = "bench"


def publish(place: Path, outcomes: int) -> None:
    """Fill the folder of the tenant with one snapshot of so many outcomes, a tenth as many jobs."""
    with snapshot.exclusive(place):
        name = snapshot.new_name(place)
        with writer.writing(place, name) as file:
            for table in TABLES:
                file.load(absent(table), TENANT)
            file.record("raw.snapshot", [(name, TENANT, SLUG, "Bench", "2026-01-01 00:00:00+00", "0.5", "0")])
            for statement in RAW.split(";"):
                file._connection.execute(statement.format(jobs=outcomes // 10, outcomes=outcomes))
            file._connection.execute("drop macro id; drop macro pick")
            file.build([])
            file.keep("quality.verdict", Verdict(()).frame())
            about = {"id": str(TENANT), "slug": SLUG, "name": "Bench", "status": "active"}
            told = {"taken_at": "2026-01-01T00:00:00+00:00", "rejected": 0, "published_anyway": False, "verdict": ""}
            file.seal({"tenant": about, "rows": file.rows(), **told})
        snapshot.publish(file.path, place, name)


if __name__ == "__main__":
    publish(Path(sys.argv[1]), int(sys.argv[2]))
