"""Publishing: what is damaged is never served, one refresh at a time, the owner's alone, pruned and tidy."""

import os
import random
import shutil
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import worlds
from vital_insights import insights
from vital_insights.errors import VitalError, WarehouseError
from vital_insights.settings import Settings
from vital_insights.warehouse import snapshot, writer


def test_a_damaged_byte_or_a_missing_end_is_never_served(warehouse, folder, finished, counts):
    path = worlds.add(folder, finished)
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
            worlds.served(warehouse)
    path.write_bytes(whole)
    assert worlds.served(warehouse) == path.stem


def test_a_damaged_seal_is_not_believed(warehouse, folder, finished):
    seal = worlds.add(folder, finished).with_suffix(".sha256")
    seal.chmod(0o600)
    told = seal.read_text()
    for damaged in ("", "\n", "0" * 64, told[:40], told.upper(), "\x00" + told, "é" + told):
        seal.write_text(damaged, encoding="utf-8")
        with pytest.raises(WarehouseError, match="damaged"):
            worlds.served(warehouse)
    seal.unlink()
    with pytest.raises(WarehouseError, match="damaged"):
        worlds.served(warehouse)


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
    before = [worlds.add(folder, finished).stem, worlds.add(folder, finished).stem]
    file = folder / "CURRENT"
    if pointer is None:
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(pointer.encode("utf-8", "surrogateescape"))
    with pytest.raises(WarehouseError, match=r"CURRENT is damaged\.(.|\n)*refresh"):
        worlds.served(warehouse)
    if pointer is None:
        file.rmdir()
    after = worlds.add(folder, finished).stem
    assert worlds.served(warehouse) == after
    assert snapshot.names(folder) == [after, *reversed(before)]


def test_a_pointer_to_what_is_gone_is_an_error_of_the_warehouse(warehouse, folder, finished):
    worlds.add(folder, finished)
    (folder / "CURRENT").write_text("snapshot-20990101T000000000000Z-aaaaaa\n")
    with pytest.raises(WarehouseError, match="damaged or incomplete"):
        worlds.served(warehouse)


def test_a_lost_pointer_costs_no_history(warehouse, folder, finished):
    before = [worlds.add(folder, finished).stem for _ in range(3)]
    (folder / "CURRENT").unlink()
    with pytest.raises(VitalError):
        worlds.served(warehouse)
    after = worlds.add(folder, finished).stem
    assert snapshot.names(folder) == [after, *reversed(before)]


def test_a_first_refresh_that_died_before_the_pointer_is_swept(folder, finished):
    worlds.add(folder, finished)
    (folder / "CURRENT").unlink()
    worlds.add(folder, finished)
    worlds.is_tidy(folder)
    assert len(snapshot.names(folder)) == 1


def test_one_refresh_at_a_time_and_a_killed_one_lets_go(warehouse, folder, finished):
    old = worlds.add(folder, finished).stem
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
            worlds.add(folder, finished)
        assert tmp.exists()  # the second one swept nothing of the first
        assert worlds.served(warehouse) == old  # readers do not wait
        other = folder.with_name("bbbbbbbb-0000-4000-8000-000000000002")
        worlds.add(other, finished)  # another tenant has a lock of its own
    finally:
        holder.kill()
        holder.communicate()
    worlds.add(folder, finished)
    worlds.is_tidy(folder)


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
        path = worlds.add(folder, finished)
        refused = worlds.add(folder, finished, refused=True)
    finally:
        os.umask(mask)
    modes = {p: stat.S_IMODE(p.stat().st_mode) for p in (folder.parent, folder, *folder.iterdir())}
    assert modes == {
        folder.parent: 0o700, folder: 0o700, folder / ".lock": 0o600, folder / "CURRENT": 0o600,
        path: 0o400, path.with_suffix(".sha256"): 0o400, refused: 0o400, refused.with_suffix(".sha256"): 0o400,
    }  # fmt: skip


def test_a_file_in_the_making_is_the_owners_alone_and_goes_with_an_error(folder):
    def fail():
        with writer.writing(folder, snapshot.new_name(folder)) as file:
            assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
            raise KeyError

    with snapshot.exclusive(folder):
        with pytest.raises(KeyError):
            fail()
        assert {path.name for path in folder.iterdir()} == {".lock"}


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("select cast('canary' as integer)", "The build failed (ConversionException)"),
        ("select canary from absent", "The build failed (CatalogException)"),
        ("copy (select 1) to '/proc/canary'", "The warehouse cannot be written: the disk is full or failing"),
        (
            "set memory_limit = '1MB'; set temp_directory = ''; create table t as select range i from range(10000000)",
            "out of memory",
        ),
    ],
)
def test_a_build_that_fails_says_why_without_a_row_and_leaves_nothing(folder, statement, told):
    folder.mkdir(parents=True)
    with pytest.raises(WarehouseError) as error, writer.writing(folder, snapshot.new_name(folder)) as file:
        file._connection.execute(statement)
    assert told in str(error.value)
    assert "canary" not in str(error.value)
    assert error.value.__suppress_context__
    assert list(folder.iterdir()) == []


def test_a_file_with_a_log_beside_it_is_not_published(folder, finished):
    folder.mkdir(parents=True)
    tmp = folder / "x.duckdb.tmp"
    shutil.copyfile(finished, tmp)
    (folder / "x.duckdb.tmp.wal").write_bytes(b"rows")
    with pytest.raises(WarehouseError, match="not closed whole"):
        snapshot.publish(tmp, folder, snapshot.new_name(folder))
    assert snapshot.current(folder) is None


def test_a_refused_build_is_kept_and_never_pointed_at(warehouse, folder, finished):
    old = worlds.add(folder, finished).stem
    refused = [worlds.add(folder, finished, refused=True).stem for _ in range(4)]
    assert worlds.served(warehouse) == old
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
    worlds.add(folder, finished, "snapshot-20260101T000000000000Z-aaaaaa")
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        for day in range(2, 12):
            worlds.add(folder, finished, f"snapshot-202601{day:02}T000000000000Z-aaaaaa")
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
    worlds.add(folder, finished)
    assert {path.name for path in folder.iterdir()} >= set(strangers)
    assert len(snapshot.names(folder)) == 1
