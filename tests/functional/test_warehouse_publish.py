"""Publishing: whole or not at all, whatever kills it, whatever the disk does, whoever else is at it."""

import errno
import os
import random
import re
import shutil
import stat
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import worlds
from vital_insights import insights
from vital_insights.errors import VitalError, WarehouseError
from vital_insights.settings import Settings
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


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished file of acme, as the writer hands it to publish."""
    folder = tmp_path_factory.mktemp("finished") / str(worlds.ACME)
    return worlds.publish(folder, worlds.SMALL)


@pytest.fixture
def warehouse(tmp_path):
    return tmp_path / "warehouse"


@pytest.fixture
def folder(warehouse):
    return warehouse / str(worlds.ACME)


def add(folder, finished, name=None, *, refused=False):
    """One more published snapshot, by the same steps as a refresh."""
    with snapshot.exclusive(folder):
        name = name or snapshot.new_name(folder)
        tmp = folder / f"{name}.duckdb.tmp"
        shutil.copyfile(finished, tmp)
        path = snapshot.publish(tmp, folder, name, refused=refused)
        snapshot.prune(folder)
    return path


def publisher(folder, finished, point=0, how="never"):
    command = [sys.executable, "-c", PUBLISHER, str(folder), str(finished), str(point), str(how)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(folder, finished, point=0, how="never"):
    process = publisher(folder, finished, point, how)
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err, err
    return process.returncode, dict(line.split(" ", 1) for line in out.splitlines())


def served(warehouse):
    """The id of what a reader gets, after reading every row of it."""
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        assert opened.metric("opportunity").height == 8
        assert opened.tenant.id == worlds.ACME
        return opened.snapshot.id


def is_tidy(folder):
    """Nothing but the lock, the pointer, and snapshots with their seals, each as it was published."""
    names = snapshot.names(folder)
    expected = {".lock", "CURRENT", *(f"{n}.duckdb" for n in names), *(f"{n}.sha256" for n in names)}
    assert {path.name for path in folder.iterdir()} == expected
    assert snapshot.current(folder) == names[0]
    for name in names:
        snapshot.verify(folder / f"{name}.duckdb")


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
    add(folder, finished)
    leftovers(folder, finished)
    code, told = run(folder, finished)
    assert code == 0
    is_tidy(folder)
    return int(told["calls"])


def test_a_kill_at_every_call_leaves_the_old_or_the_new_one(warehouse, folder, finished, tmp_path):
    total = points(tmp_path / "count" / str(worlds.ACME), finished)
    assert total == 18  # 6 fsyncs, 3 renames, 2 chmods, and the 7 files that the sweep removes
    outcomes = set()
    for point in range(1, total + 1):
        for how in ("before", "after"):
            shutil.rmtree(warehouse, ignore_errors=True)
            old = add(folder, finished).stem
            orphan = leftovers(folder, finished)
            code, told = run(folder, finished, point, how)
            assert code == -9
            found = served(warehouse)
            assert found in {old, told.get("begin")} - {orphan}, (point, how)
            outcomes.add("old" if found == old else "new")
            add(folder, finished)
            is_tidy(folder)
    assert outcomes == {"old", "new"}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_at_any_call_is_one_sentence_and_the_old_or_the_new_one(
    warehouse, folder, finished, tmp_path, number
):
    total = points(tmp_path / "count" / str(worlds.ACME), finished)
    for point in range(1, total + 1):
        shutil.rmtree(warehouse, ignore_errors=True)
        old = add(folder, finished).stem
        leftovers(folder, finished)
        code, told = run(folder, finished, point, number)
        assert code == WarehouseError.exit_code
        assert told["refused"].startswith("The warehouse cannot be written: ")
        assert served(warehouse) in {old, told.get("begin")}, point
        add(folder, finished)
        is_tidy(folder)


def test_kills_at_random_instants(warehouse, folder, finished, counts):
    """Refresh after refresh without a pause, killed somewhere."""
    add(folder, finished)
    chance = random.Random(7)
    for _ in range(counts(8, 200)):
        process = publisher(folder, finished, how="forever")
        assert process.stdout.readline().startswith("begin")
        time.sleep(chance.random() * 0.08)
        process.kill()
        told = process.communicate()[0]
        found = served(warehouse)
        assert found >= max(re.findall("done (.*)", told), default="")  # an answered publish is durable
        for name in snapshot.names(folder):
            if name <= found:
                snapshot.verify(folder / f"{name}.duckdb")
        add(folder, finished)
        is_tidy(folder)


WHOLE = """
import sys
from pathlib import Path
from tests import worlds
print("ready", flush=True)
while True:
    worlds.publish(Path(sys.argv[1]), worlds.SMALL)
"""


def test_kills_while_the_file_is_written(warehouse, folder, finished, counts):
    old = add(folder, finished).stem
    chance = random.Random(11)
    for _ in range(counts(2, 40)):
        process = subprocess.Popen(
            [sys.executable, "-c", WHOLE, str(folder)], stdout=subprocess.PIPE, cwd=os.getcwd(), env=with_tests()
        )
        assert process.stdout.readline() == b"ready\n"
        time.sleep(chance.random() * 1.5)
        process.kill()
        process.communicate()
        assert served(warehouse) >= old
        old = add(folder, finished).stem
        is_tidy(folder)


def with_tests():
    root = str(worlds.Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": root}


def test_a_damaged_byte_or_a_missing_end_is_never_served(warehouse, folder, finished, counts):
    path = add(folder, finished)
    path.chmod(0o600)
    whole = path.read_bytes()
    chance = random.Random(3)
    for n in range(counts(30, 200)):
        broken = bytearray(whole)
        if n % 2:
            del broken[chance.randrange(len(broken)) :]
        else:
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        with pytest.raises(WarehouseError):
            served(warehouse)
    path.write_bytes(whole)
    assert served(warehouse) == path.stem


def test_a_damaged_seal_is_not_believed(warehouse, folder, finished):
    seal = add(folder, finished).with_suffix(".sha256")
    seal.chmod(0o600)
    told = seal.read_text()
    for damaged in ("", "\n", "0" * 64, told[:40], told.upper(), "\x00" + told, "é" + told):
        seal.write_text(damaged, encoding="utf-8")
        with pytest.raises(WarehouseError, match="damaged"):
            served(warehouse)
    seal.unlink()
    with pytest.raises(WarehouseError, match="damaged"):
        served(warehouse)


POINTERS = [
    "", "\n", "CURRENT", "../../../etc/passwd", "/etc/passwd", "snapshot", "snapshot-20260101T000000000000Z-aaaaaa/../x",
    "snapshot-20260101T000000000000Z-aaaaaa.duckdb", "refused-20260101T000000000000Z-aaaaaa",
    "snapshot-20260199T000000000000Z-aaaaaa", "snapshot-20260101T000000000000Z-AAAAAA", "snapshot-20260101T000000000000Z-aaaaaa\n" * 2,
    "snapshot-٢٠٢٦٠١٠١T000000000000Z-aaaaaa", "\x00", "\udcff", "x" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("pointer", [*POINTERS, None], ids=range(len(POINTERS) + 1))
def test_a_damaged_pointer_is_refused_and_the_next_refresh_mends_it_and_keeps_the_history(
    warehouse, folder, finished, pointer
):
    before = [add(folder, finished).stem, add(folder, finished).stem]
    file = folder / "CURRENT"
    if pointer is None:
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(pointer.encode("utf-8", "surrogateescape"))
    with pytest.raises(WarehouseError, match=r"CURRENT is damaged\.(.|\n)*refresh"):
        served(warehouse)
    if pointer is None:
        file.rmdir()
    after = add(folder, finished).stem
    assert served(warehouse) == after
    assert snapshot.names(folder) == [after, *reversed(before)]


def test_a_pointer_to_what_is_gone_is_an_error_of_the_warehouse(warehouse, folder, finished):
    add(folder, finished)
    (folder / "CURRENT").write_text("snapshot-20990101T000000000000Z-aaaaaa\n")
    with pytest.raises(WarehouseError, match="damaged or incomplete"):
        served(warehouse)


def test_a_lost_pointer_costs_no_history(warehouse, folder, finished):
    before = [add(folder, finished).stem for _ in range(3)]
    (folder / "CURRENT").unlink()
    with pytest.raises(VitalError):
        served(warehouse)
    after = add(folder, finished).stem
    assert snapshot.names(folder) == [after, *reversed(before)]


def test_a_first_refresh_that_died_before_the_pointer_is_swept(folder, finished):
    add(folder, finished)
    (folder / "CURRENT").unlink()
    add(folder, finished)
    is_tidy(folder)
    assert len(snapshot.names(folder)) == 1


def test_one_refresh_at_a_time_and_a_killed_one_lets_go(warehouse, folder, finished):
    old = add(folder, finished).stem
    hold = (
        "import sys, time; from pathlib import Path; from vital_insights.warehouse import snapshot\n"
        "with snapshot.exclusive(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", hold, str(folder)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout.readline() == b"held\n"
        tmp = folder / "snapshot-20990101T000000000000Z-aaaaaa.duckdb.tmp"
        tmp.write_bytes(b"theirs")
        with pytest.raises(WarehouseError, match="Another refresh"):
            add(folder, finished)
        assert tmp.exists()  # the second one swept nothing of the first
        assert served(warehouse) == old  # readers do not wait
        other = folder.with_name("bbbbbbbb-0000-4000-8000-000000000002")
        add(other, finished)  # another tenant has a lock of its own
    finally:
        holder.kill()
        holder.communicate()
    add(folder, finished)
    is_tidy(folder)


def test_two_threads_are_two_refreshes(folder):
    refused = []

    def second():
        try:
            with snapshot.exclusive(folder):
                pass
        except WarehouseError as error:
            refused.append(error)

    with snapshot.exclusive(folder):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_only_the_owner_may_look(folder, finished):
    mask = os.umask(0)
    try:
        path = add(folder, finished)
        refused = add(folder, finished, refused=True)
    finally:
        os.umask(mask)
    modes = {p: stat.S_IMODE(p.stat().st_mode) for p in (folder.parent, folder, *folder.iterdir())}
    assert modes == {
        folder.parent: 0o700, folder: 0o700, folder / ".lock": 0o600, folder / "CURRENT": 0o600,
        path: 0o400, path.with_suffix(".sha256"): 0o400, refused: 0o400, refused.with_suffix(".sha256"): 0o400,
    }  # fmt: skip


def test_a_file_in_the_making_is_the_owners_alone(folder):
    from vital_insights.warehouse import writer

    with snapshot.exclusive(folder), pytest.raises(KeyError), writer.writing(folder, snapshot.new_name(folder)) as file:
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
        raise KeyError
    assert {path.name for path in folder.iterdir()} == {".lock"}


def test_a_file_with_a_log_beside_it_is_not_published(folder, finished):
    folder.mkdir(parents=True)
    tmp = folder / "x.duckdb.tmp"
    shutil.copyfile(finished, tmp)
    (folder / "x.duckdb.tmp.wal").write_bytes(b"rows")
    with pytest.raises(WarehouseError, match="not closed whole"):
        snapshot.publish(tmp, folder, snapshot.new_name(folder))
    assert snapshot.current(folder) is None


def test_a_refused_build_is_kept_and_never_pointed_at(warehouse, folder, finished):
    old = add(folder, finished).stem
    refused = [add(folder, finished, refused=True).stem for _ in range(4)]
    assert served(warehouse) == old
    assert snapshot.names(folder, "refused") == [refused[3], refused[2]]
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse), snapshot_id=refused[3]) as opened:
        assert opened.snapshot.id == refused[3]


moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 30))


@settings(max_examples=60)
@given(every=st.lists(moments, unique=True, max_size=60), pointed=st.integers(0, 59))
def test_pruning_keeps_seven_and_the_newest_of_twelve_months_and_what_is_served(tmp_path_factory, every, pointed):
    folder = tmp_path_factory.mktemp("prune")
    named = {m: f"snapshot-{m:%Y%m%dT%H%M%S%f}Z-abcdef" for m in every}
    for name in named.values():
        (folder / f"{name}.duckdb").touch()
        (folder / f"{name}.sha256").touch()
    newest = sorted(every, reverse=True)
    keep = set(newest[:7])
    for month in sorted({(m.year, m.month) for m in every}, reverse=True)[:12]:
        keep.add(max(m for m in every if (m.year, m.month) == month))
    if every:
        served = newest[pointed % len(newest)]
        (folder / "CURRENT").write_text(named[served])
        keep.add(served)
    gone = snapshot.prune(folder)
    assert set(snapshot.names(folder)) == {named[m] for m in keep}
    assert set(gone) == {named[m] for m in every if m not in keep}
    assert {p.stem for p in folder.glob("*.sha256")} == {named[m] for m in keep}


def test_a_reader_goes_on_reading_what_was_pruned(warehouse, folder, finished):
    add(folder, finished, "snapshot-20260101T000000000000Z-aaaaaa")
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        for day in range(2, 12):
            add(folder, finished, f"snapshot-202601{day:02}T000000000000Z-aaaaaa")
        assert not opened.snapshot.path.exists()
        assert opened.metric("opportunity").height == 8
        assert opened.table("jobs").height == 2


def test_names_only_rise_whatever_the_clock_says(folder):
    folder.mkdir(parents=True)
    later = datetime.now(UTC) + timedelta(days=400)
    for kind in ("snapshot", "refused"):
        (folder / f"{kind}-{later:%Y%m%dT%H%M%S%f}Z-abcdef.duckdb").touch()
    name = snapshot.new_name(folder)
    assert snapshot.instant(name) == later + timedelta(microseconds=1)
    assert snapshot.NAME.fullmatch(name)


def test_files_of_others_in_the_folder_are_left_alone(folder, finished):
    folder.mkdir(parents=True)
    strangers = ["snapshot-20269999T000000000000Z-aaaaaa.duckdb", "notes.txt", "snapshot-old.duckdb", "access.json"]
    for name in strangers:
        (folder / name).write_text("x")
    add(folder, finished)
    assert {path.name for path in folder.iterdir()} >= set(strangers)
    assert len(snapshot.names(folder)) == 1
