"""Killed or failing anywhere, a refresh leaves the old snapshot or the new one, and nothing that the next does not sweep."""

import errno
import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import worlds
from vital_insights.errors import WarehouseError
from vital_insights.warehouse import snapshot

# A refresh from the finished file on, in a process that may be killed at any call that changes the folder.
PUBLISHER = """
import errno, itertools, os, shutil, signal, sys
from pathlib import Path
from vital_insights.errors import WarehouseError
from vital_insights.warehouse import snapshot

folder, finished, point, how = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
calls = itertools.count(1)

def around(name):
    real = getattr(os, name)
    def call(*args, **named):
        mine = next(calls) == point
        if mine and how == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        if mine and how.isdigit():
            raise OSError(int(how), os.strerror(int(how)))
        answer = real(*args, **named)
        if mine and how == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    setattr(os, name, call)

for name in ("fsync", "rename", "replace", "chmod", "unlink"):
    around(name)
try:
    while True:
        with snapshot.exclusive(folder):
            name = snapshot.new_name(folder)
            shutil.copyfile(finished, folder / f"{name}.duckdb.tmp")
            print("begin", name, flush=True)
            snapshot.publish(folder / f"{name}.duckdb.tmp", folder, name)
            print("done", name, flush=True)
            snapshot.prune(folder)
        if how != "forever":
            print("calls", next(calls) - 1, flush=True)
            break
except WarehouseError as error:
    print("refused", str(error).splitlines()[0], flush=True)
    sys.exit(error.exit_code)
"""


def publisher(folder, finished, point=0, how="never"):
    command = [sys.executable, "-c", PUBLISHER, str(folder), str(finished), str(point), str(how)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(folder, finished, point=0, how="never"):
    process = publisher(folder, finished, point, how)
    out, err = process.communicate(timeout=300)
    assert "Traceback" not in err, err
    return process.returncode, dict(line.split(" ", 1) for line in out.splitlines())


def leftovers(folder, finished):
    """What crashes at different points leave: the sweep of the next run has something of each kind to do."""
    (folder / "snapshot-20200101T000000000000Z-aaaaaa.duckdb.tmp").write_bytes(b"half")
    (folder / "snapshot-20200101T000000000000Z-aaaaaa.duckdb.tmp.wal").write_bytes(b"half")
    (folder / "snapshot-20200101T000000000000Z-aaaaaa.duckdb.tmp.tmp").mkdir()
    (folder / "snapshot-20200101T000000000000Z-aaaaaa.duckdb.tmp.tmp" / "spill").write_bytes(b"rows")
    (folder / "CURRENT.tmp").write_text("snap")
    (folder / "snapshot-20200101T000000000000Z-aaaaaa.sha256").write_text("0")
    orphan = snapshot.new_name(folder)
    shutil.copyfile(finished, folder / f"{orphan}.duckdb")
    (folder / f"{orphan}.sha256").write_text(f"{snapshot.digest(finished)}  {orphan}\n")
    return orphan


def points(folder, finished):
    """How many calls a run with leftovers makes; a run for counting, in a folder of its own."""
    worlds.add(folder, finished)
    leftovers(folder, finished)
    code, told = run(folder, finished)
    assert code == 0
    worlds.is_tidy(folder)
    return int(told["calls"])


def test_a_kill_at_every_call_leaves_the_old_or_the_new_one(warehouse, folder, finished, tmp_path):
    total = points(tmp_path / "count" / str(worlds.ACME), finished)
    assert total == 18  # 6 fsyncs, 3 renames, 2 chmods, and the 7 files that the sweep removes
    outcomes = []
    for point, how in [*((point, "before") for point in range(1, total + 1)), (total, "after")]:
        shutil.rmtree(warehouse, ignore_errors=True)
        old = worlds.add(folder, finished).stem
        orphan = leftovers(folder, finished)
        code, told = run(folder, finished, point, how)
        assert code == -9
        found = worlds.served(warehouse)
        assert found in {old, told.get("begin")} - {orphan}, (point, how)
        outcomes.append("old" if found == old else "new")
        worlds.add(folder, finished)
        worlds.is_tidy(folder)
    assert outcomes == ["old"] * (total - 1) + ["new"] * 2  # the last call but one is the rename of CURRENT


@pytest.mark.parametrize("number", [errno.ENOSPC, pytest.param(errno.EIO, marks=pytest.mark.prove)])
def test_a_disk_that_fails_at_any_call_is_one_sentence_and_the_old_or_the_new_one(
    warehouse, folder, finished, tmp_path, number
):
    total = points(tmp_path / "count" / str(worlds.ACME), finished)
    for point in range(1, total + 1):
        shutil.rmtree(warehouse, ignore_errors=True)
        old = worlds.add(folder, finished).stem
        leftovers(folder, finished)
        code, told = run(folder, finished, point, number)
        assert code == WarehouseError.exit_code
        assert told["refused"].startswith("The warehouse cannot be written: ")
        assert worlds.served(warehouse) in {old, told.get("begin")}, point
        worlds.add(folder, finished)
        worlds.is_tidy(folder)


@pytest.mark.timeout(1800)  # the counts of make prove
def test_kills_at_random_instants(warehouse, folder, finished, counts):
    """Refresh after refresh without a pause, killed somewhere."""
    worlds.add(folder, finished)
    chance = random.Random(7)
    for _ in range(counts(8, 200)):
        process = publisher(folder, finished, how="forever")
        assert process.stdout.readline().startswith("begin")
        time.sleep(chance.random() * 0.08)
        process.kill()
        told = process.communicate()[0]
        found = worlds.served(warehouse)
        assert found >= max(re.findall("done (.*)", told), default="")  # an answered publish is durable
        for name in snapshot.names(folder):
            if name <= found:
                snapshot.verify(folder / f"{name}.duckdb")
        worlds.add(folder, finished)
        worlds.is_tidy(folder)


WHOLE = """
import sys
from pathlib import Path
from tests import worlds
print("ready", flush=True)
while True:
    worlds.publish(Path(sys.argv[1]), worlds.SMALL)
"""


@pytest.mark.timeout(1800)  # the counts of make prove
def test_kills_while_the_file_is_written(warehouse, folder, finished, counts):
    old = worlds.add(folder, finished).stem
    chance = random.Random(11)
    for _ in range(counts(2, 40)):
        process = subprocess.Popen([sys.executable, "-c", WHOLE, str(folder)], stdout=subprocess.PIPE, env=with_tests())
        assert process.stdout.readline() == b"ready\n"
        time.sleep(chance.random() * 1.5)
        process.kill()
        process.communicate()
        assert worlds.served(warehouse) >= old
        old = worlds.add(folder, finished).stem
        worlds.is_tidy(folder)


def with_tests():
    root = str(Path(__file__).parents[3])
    return {**os.environ, "PYTHONPATH": root}
