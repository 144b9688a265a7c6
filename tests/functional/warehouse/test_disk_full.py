"""A full disk: one sentence, the live snapshot untouched, and nothing left that the next run does not sweep."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import worlds
from vital_insights import insights
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot

# RLIMIT_FSIZE makes a write that would pass the limit fail, on every machine and without a mount. One process tries all
# sizes: each attempt opens a DuckDB of its own.
REFRESHES = """
import json, os, resource, sys
from pathlib import Path
from tests import worlds
from vital_insights.errors import VitalError
from vital_insights.warehouse import snapshot

folder = Path(sys.argv[1])
many = {**worlds.SMALL, "jtbd_kpis": [
    {"id": worlds.uid(f"k{n}"), "jtbd_id": worlds.uid("j1"), "kpi_name": worlds.uid(f"name{n}").hex * 20} for n in range(300)
]}
whole = worlds.publish(folder, many).stat().st_size
print(json.dumps({"whole": whole, "live": snapshot.current(folder)}), flush=True)
for share in json.loads(sys.argv[2]):
    size = int(whole * share)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        told = worlds.publish(folder, many).stem
        kind = "published"
    except Exception as error:
        told, kind = str(error), type(error).__name__
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    left = sorted(path.name for path in folder.iterdir())
    print(json.dumps({"size": size, "kind": kind, "told": told, "left": left, "live": snapshot.current(folder)}), flush=True)
worlds.publish(folder, many)
"""


pytestmark = pytest.mark.timeout(1800)  # the counts of make prove


@pytest.fixture(scope="module")
def attempts(tmp_path_factory, counts):
    folder = tmp_path_factory.mktemp("full") / str(worlds.ACME)
    n = counts(7, 100)
    shares = [*(k / n for k in range(n)), 0.00001, 0.999, 3.0]
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", REFRESHES, str(folder), json.dumps(shares)],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(root)}, timeout=1500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, *tried = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(tried) == len(shares)
    return folder, first, tried


def test_a_full_disk_is_one_sentence(attempts):
    _, _, tried = attempts
    *full, roomy = tried
    assert {attempt["kind"] for attempt in full} == {"WarehouseError"}
    assert all("cannot be written" in a["told"] or "ran out of memory" in a["told"] for a in full), {
        a["told"] for a in full
    }
    assert roomy["kind"] == "published"


def test_the_live_snapshot_stays_as_it_was(attempts):
    _, first, tried = attempts
    for attempt in tried[:-1]:
        assert attempt["live"] == first["live"]
        assert f"{first['live']}.duckdb" in attempt["left"]


def test_nothing_is_left_but_what_the_next_run_sweeps(attempts):
    folder, first, tried = attempts
    live = {".lock", "CURRENT", f"{first['live']}.duckdb", f"{first['live']}.sha256"}
    for attempt in tried[:-1]:
        left = set(attempt["left"]) - live
        assert all(".tmp" in name or name.endswith(".sha256") for name in left), left
    names = snapshot.names(folder)
    assert len(names) == 3  # the first, the one that had room, and the last
    assert len(list(folder.iterdir())) == 2 + 2 * len(names)


def test_every_snapshot_that_was_served_is_still_byte_for_byte_what_was_published(attempts):
    folder, first, _ = attempts
    opened = Settings(warehouse=folder.parent)
    for name in snapshot.names(folder):
        with insights.open_tenant("acme", settings=opened, snapshot_id=name) as found:
            assert found.metric("opportunity").height == 8
    snapshot.verify(folder / f"{first['live']}.duckdb")
    assert worlds.logical_hash(folder / f"{first['live']}.duckdb") == worlds.logical_hash(
        folder / f"{snapshot.current(folder)}.duckdb"
    )
