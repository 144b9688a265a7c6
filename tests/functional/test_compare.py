"""Two snapshots compared: held against plain loops and fractions; parts add up; the method is named and moves nothing."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import tempfile
from collections import Counter
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import duckdb
import pytest

from tests import worlds
from tests.conftest import PROVE
from tests.functional.test_command_line import run
from tests.worlds import ACME, uid
from vital_insights import insights
from vital_insights.errors import UsageError, WarehouseError
from vital_insights.settings import Settings
from vital_insights.warehouse import reader, snapshot, sqlfile

BETA = UUID("bbbbbbbb-0000-4000-8000-000000000002")


# The oracle: the definitions of docs/method.md in loops, knowing nothing of SQL.


def score(i, s):
    if i is None or s is None or not (0 <= i <= 10 and 0 <= s <= 10):
        return None
    i, s = Fraction(i), Fraction(s)
    return i + max(i - s, 0)


def band(value):
    return "UNSCORED" if value is None else "HIGH" if value > 12 else "MEDIUM" if value >= 8 else "LOW"


def scored_things(world):
    """id -> (job code, outcome code, importance, satisfaction) of what the metric shows."""
    jobs = {job["id"]: job for job in world["jobs_to_be_done"]}
    found = {}
    for o in world["jtbd_outcomes"]:
        job = jobs.get(o["jtbd_id"], {})
        if job.get("status") != "archived":
            found[str(o["id"])] = (job.get("code"), o["outcome_id"], o["importance_score"], o["satisfaction_score"])
    return found


def expected(old, new):
    """(old id, new id, matched by) of every outcome."""
    pairs = [(id_, id_, "id") for id_ in new if id_ in old]
    rest_old = {id_: told[:2] for id_, told in old.items() if id_ not in new}
    rest_new = {id_: told[:2] for id_, told in new.items() if id_ not in old}
    many = [Counter(rest.values()) for rest in (rest_old, rest_new)]
    for a, code in list(rest_old.items()):
        for b in [b for b, other in rest_new.items() if other == code]:
            if all(code) and all(count[code] == 1 for count in many):
                pairs.append((a, b, "code"))
                del rest_old[a], rest_new[b]
    return pairs + [(a, None, None) for a in rest_old] + [(None, b, None) for b in rest_new]


def change_of(s0, s1, a, b):
    if a is None or b is None:
        return "appeared" if a is None else "vanished"
    if s0 is None and s1 is None:
        return "unchanged"
    if s0 is None or s1 is None:
        return "gained_score" if s0 is None else "lost_score"
    return "moved" if s0 != s1 else "unchanged"


JOB_IDS = [*(uid(f"j{k}") for k in range(5)), None]


def made_up(seed):
    """Outcomes whose ids and codes meet those of another seed in every way: by id, by a code of one, of two, of none."""
    dice = random.Random(seed)

    def rated():
        return dice.choice([None, *[Decimal(dice.randint(-5, 110)) / 10] * 8, Decimal(dice.randint(0, 40)) / 4])

    return [
        {
            "id": uid(f"outcome {n}"), "outcome_id": dice.choice([None, "", *"ABCDEFGHIJKLMNOP"]), "jtbd_id": dice.choice(JOB_IDS),
            "importance_score": rated(), "satisfaction_score": rated(),
        }
        for n in dice.sample(range(200), 90)
    ]  # fmt: skip


JOBS = [
    {"id": uid("j0"), "code": "J-0"}, {"id": uid("j1"), "code": "J-1"}, {"id": uid("j2"), "code": "J-1"}, {"id": uid("j3"), "code": None},
    {"id": uid("j4"), "code": "J-4", "status": "archived"},
]  # fmt: skip


def world(rows):
    return {"jobs_to_be_done": JOBS, "jtbd_outcomes": rows}


def opened(warehouse, name=None):
    return insights.open_tenant("acme", settings=Settings(warehouse=warehouse), snapshot_id=name)


SHOWING_EVERY_KIND = 2


@pytest.mark.parametrize("seed", range(60 if PROVE else SHOWING_EVERY_KIND))
def test_a_comparison_is_what_plain_loops_say(seed):
    before, after = made_up(f"before {seed}"), made_up(f"after {seed}")
    with tempfile.TemporaryDirectory() as warehouse:
        folder = Path(warehouse) / str(ACME)
        first, second = worlds.publish(folder, world(before)), worlds.publish(folder, world(after))
        with opened(Path(warehouse)) as newest, opened(Path(warehouse), first.stem) as oldest:
            found, back, same = newest.compare(), oldest.compare(second.stem), newest.compare(second.stem)
    old, new = scored_things(world(before)), scored_things(world(after))
    rows = {(row["old_outcome_id"], row["new_outcome_id"]): row for row in found.rows.to_dicts()}
    pairs = expected(old, new)
    assert set(rows) == {(a, b) for a, b, _ in pairs}
    assert len(rows) == found.rows.height
    for a, b, matched_by in pairs:
        row = rows[a, b]
        (i0, s0), (i1, s1) = old.get(a, (None,) * 4)[2:], new.get(b, (None,) * 4)[2:]
        f00, f11 = score(i0, s0), score(i1, s1)
        assert row["matched_by"] == matched_by
        assert row["change"] == change_of(f00, f11, a, b)
        assert [row[c] for c in ("old_importance", "new_importance", "old_satisfaction", "new_satisfaction")] == [
            i0,
            i1,
            s0,
            s1,
        ]
        assert (row["old_score"], row["new_score"]) == (f00, f11)
        assert (row["old_band"], row["new_band"]) == (a and band(f00), b and band(f11))
        crossing = f"{band(f00)} -> {band(f11)}" if matched_by and band(f00) != band(f11) else None
        assert row["band_crossing"] == crossing
        parts = row["change_from_importance"], row["change_from_satisfaction"]
        if f00 is None or f11 is None:
            assert (row["score_change"], *parts) == (None, None, None)
            continue
        f10, f01 = score(i1, s0), score(i0, s1)
        assert row["score_change"] == f11 - f00
        assert parts == (((f10 - f00) + (f11 - f01)) / 2, ((f01 - f00) + (f11 - f10)) / 2)
        assert sum(parts) == row["score_change"]  # decimals: exactly
    kinds, ways = {row["change"] for row in rows.values()}, {way for _, _, way in pairs}
    assert kinds <= {*OPPOSITE, "moved", "unchanged"}
    if seed < SHOWING_EVERY_KIND:  # of many made-up worlds one or another lacks a kind
        assert (len(kinds), ways) == (6, {"id", "code", None})
    _adds_up(found, pairs)
    _is_the_reverse(found, back)
    assert set(same.rows["change"]) <= {"unchanged"}
    assert (same.rows.height, same.method_changes, back.method_changes) == (len(new), (), ())


def _adds_up(found, pairs):
    changes = Counter(found.rows["change"])
    assert {name: found.summary[name] for name in changes} == dict(changes)
    assert sum(
        found.summary[name] for name in ("moved", "lost_score", "gained_score", "appeared", "vanished", "unchanged")
    ) == len(pairs)
    ways = Counter(way for _, _, way in pairs)
    assert (found.summary["matched_by_id"], found.summary["matched_by_code"]) == (ways["id"], ways["code"])
    rows = found.rows.to_dicts()
    assert found.summary["into_high"] == sum((r["band_crossing"] or "").endswith("-> HIGH") for r in rows)
    assert found.summary["out_of_high"] == sum((r["band_crossing"] or "").startswith("HIGH ->") for r in rows)
    moves = [abs(r["score_change"]) for r in rows if r["change"] == "moved"]
    assert moves == sorted(moves, reverse=True)


OPPOSITE = {"appeared": "vanished", "vanished": "appeared", "lost_score": "gained_score", "gained_score": "lost_score"}


def _is_the_reverse(found, back):
    there = {(r["old_outcome_id"], r["new_outcome_id"]): r for r in found.rows.to_dicts()}
    for row in back.rows.to_dicts():
        forth = there.pop((row["new_outcome_id"], row["old_outcome_id"]))
        assert row["change"] == OPPOSITE.get(forth["change"], forth["change"])
        for name in ("score_change", "change_from_importance", "change_from_satisfaction"):
            assert row[name] == (None if forth[name] is None else -forth[name])
    assert not there


MOVED = deepcopy(worlds.SMALL)
MOVED["jtbd_outcomes"][0] |= {"importance_score": Decimal(9), "satisfaction_score": Decimal("4.25")}
MOVED["jtbd_outcomes"][1]["importance_score"] = None
MOVED["jtbd_outcomes"][2] |= {
    "id": uid("renamed"),
    "satisfaction_score": Decimal(2),
    "outcome_statement": "Minimize \x1b]0;x\x07",
}
MOVED["jtbd_outcomes"][3] |= {"id": uid("added"), "outcome_id": "OUT-99"}
MOVED["jtbd_outcomes"][5]["importance_score"] = Decimal(9)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Acme with three snapshots, the second one empty; beta with one."""
    folder = tmp_path_factory.mktemp("here") / "warehouse"
    for told in (worlds.SMALL, {}, MOVED):
        worlds.publish(folder / str(ACME), told)
    worlds.publish(folder / str(BETA), worlds.SMALL, BETA, "beta")
    return folder


@pytest.fixture(scope="module")
def first(warehouse):
    return snapshot.names(warehouse / str(ACME))[-1]


def test_the_one_before_is_compared_unless_another_is_named(warehouse, first):
    with opened(warehouse) as acme:
        [newest, middle, oldest] = insights.snapshots("acme", Settings(warehouse=warehouse))
        assert acme.compare().older == middle.id
        assert acme.compare().summary["appeared"] == 8
        assert acme.compare(first).older == acme.compare(oldest).older == first
        assert acme.compare(first).newer == newest.id
    with opened(warehouse, first) as oldest, pytest.raises(UsageError, match=r"no snapshot before(.|\n)*refresh acme"):
        oldest.compare()


def test_an_unknown_snapshot_is_answered_with_the_nearest(warehouse, first):
    with opened(warehouse) as acme:
        for name in (first[:-1] + "x", "../" + first, str(BETA)):
            with pytest.raises(UsageError, match="There is no snapshot"):
                acme.compare(name)
        with pytest.raises(UsageError, match=first):
            acme.compare(first[:-1] + "x")


def test_another_tenants_file_is_refused_wherever_it_comes_from(warehouse, tmp_path):
    """Lock 4, for the second file as for the first."""
    [beta] = insights.snapshots("beta", Settings(warehouse=warehouse))
    with opened(warehouse) as acme, pytest.raises(WarehouseError, match="another tenant"):
        acme.compare(beta)
    copied = shutil.copytree(warehouse, tmp_path / "warehouse")
    planted = snapshot.names(copied / str(ACME))[-1]  # the oldest of acme becomes beta's, seal and all
    for suffix in (".duckdb", ".sha256"):
        (copied / str(ACME) / f"{planted}{suffix}").unlink()
    shutil.copy(beta.path, copied / str(ACME) / f"{planted}.duckdb")
    seal(copied / str(ACME) / f"{planted}.duckdb")
    with opened(copied) as acme, pytest.raises(WarehouseError, match="another tenant"):
        acme.compare(planted)
    done = run("compare", "acme", planted, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (14, "")


def test_a_damaged_older_file_is_refused(warehouse, first, tmp_path):
    copied = shutil.copytree(warehouse, tmp_path / "warehouse")
    path = copied / str(ACME) / f"{first}.duckdb"
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with opened(copied) as acme, pytest.raises(WarehouseError, match="damaged"):
        acme.compare(first)


def test_comparing_reaches_no_file_no_setting_and_writes_nothing(warehouse, first):
    before = {path: path.read_bytes() for path in sorted(warehouse.rglob("*")) if path.is_file()}
    with opened(warehouse) as acme:
        acme.compare(first)
        overlay = reader.Overlay(acme.snapshot.path, ACME, acme.snapshot.path.with_name(f"{first}.duckdb"))
        [beta] = (warehouse / str(BETA)).glob("*.duckdb")
        for statement in (
            f"attach '{beta}' as other (read_only)", "set enable_external_access = true", "reset lock_configuration",
            "select * from read_text('/etc/passwd')",
            "insert into older.main.manifest values ('x')", "drop table snapshot.metric.opportunity",
            f"copy (select 1) to '{warehouse}/out'",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                overlay._connection.execute(statement)
        overlay.close()
    assert {path: path.read_bytes() for path in sorted(warehouse.rglob("*")) if path.is_file()} == before


def test_an_overlay_changes_inputs_and_nothing_else(warehouse, first):
    """What a question of the kind "what if" stands on: the unmodified metric over changed inputs, the rest as it was."""
    path = warehouse / str(ACME) / f"{first}.duckdb"
    overlay = reader.Overlay(path, ACME)
    nines = "select * replace (cast(9 as decimal(18, 6)) as importance, cast(1 as decimal(18, 6)) as satisfaction) from original"
    overlay.recompute("opportunity_by", "nines", laid={"model.outcomes": nines})
    overlay.recompute("opportunity_by", "plain")
    assert set(overlay.frame("select distinct max_score from memory.main.nines")["max_score"]) == {Decimal(17)}
    stored = overlay.frame("select * from snapshot.metric.opportunity_by order by all")
    assert overlay.frame("select * from memory.main.plain order by all").equals(stored)
    overlay.close()


def with_files(monkeypatch, table, *replaced):
    """Publish with one SQL file as another version of the package had it."""
    files = []
    for file in worlds.ordered():
        sql = file.sql
        for old, new in replaced if file.table == table else ():
            assert old in sql
            sql = sql.replace(old, new)
        files.append(sqlfile.SqlFile(**{**vars(file), "sql": sql}))
    monkeypatch.setattr(worlds, "ordered", lambda: files)


def test_another_method_is_named_and_moves_nothing(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        scheme = (
            ("'vital-v1'", "'vital-v0'"),
            ("cast(12 as decimal(18, 6)) as high_above", "cast(11 as decimal(18, 6)) as high_above"),
        )
        with_files(patch, "model.band_scheme", *scheme)
        with_files(patch, "metric.opportunity", ("then i + (i - s)", "then i + 2 * (i - s)"))
        with_files(patch, "model.snapshot", ("score_tolerance,", "cast(0.25 as decimal(18, 6)) as score_tolerance,"))
        older = worlds.publish(tmp_path / str(ACME), worlds.SMALL)
    worlds.publish(tmp_path / str(ACME), worlds.SMALL)
    with opened(tmp_path) as acme:
        told = acme.compare()
        back = insights.open_tenant("acme", settings=Settings(warehouse=tmp_path), snapshot_id=older.stem).compare(
            acme.snapshot.id
        )
    assert set(told.rows["change"]) == {"unchanged"}
    named = {change.what: (change.older, change.newer) for change in told.method_changes}
    assert named["band_scheme"] == ("vital-v0", "vital-v1")
    assert named["high_above"] == ("11", "12")
    assert named["score_tolerance"] == ("0.25", "0.5")
    # By the older formula 9.5/3.2 (twice), 10/8 and 8.3/4.6 scored otherwise; 8/8 and 5/9 are the same in both.
    assert (told.summary["restated_older"], told.summary["restated_newer"]) == (4, 0)
    assert (back.summary["restated_older"], back.summary["restated_newer"]) == (0, 4)
    assert {change.what: (change.newer, change.older) for change in back.method_changes} == named


def seal(path):
    path.chmod(0o600)
    with path.with_suffix(".sha256").open("w") as file:
        file.write(f"{snapshot.digest(path)}  {path.name}\n")


AGED = {
    "a metric and a model table are not there yet": ["drop table metric.method", "drop table model.band_scheme"],
    "columns are not there yet": [
        "alter table metric.opportunity drop column score_low", "alter table metric.opportunity drop column rank_best",
        "alter table raw.jobs_to_be_done drop column industry_id", "drop table metric.band_summary",
    ],
}  # fmt: skip


@pytest.mark.parametrize("what", AGED)
def test_a_snapshot_of_an_older_package_is_compared_all_the_same(warehouse, first, tmp_path, what):
    copied = shutil.copytree(warehouse, tmp_path / "warehouse")
    age(copied / str(ACME) / f"{first}.duckdb", AGED[what])
    with opened(warehouse) as fresh, opened(copied) as acme:
        told, whole = acme.compare(first), fresh.compare(first)
    assert told.rows.equals(whole.rows)
    recorded = {change.what: change.older for change in told.method_changes}
    assert recorded.get("formula", "") is None if "model table" in what else recorded == {}


def test_a_snapshot_that_lacks_what_is_read_says_so(warehouse, first, tmp_path):
    copied = shutil.copytree(warehouse, tmp_path / "warehouse")
    age(
        copied / str(ACME) / f"{first}.duckdb",
        ["alter table raw.jtbd_outcomes drop column importance_score", "drop table model.outcomes"],
    )
    with opened(copied) as acme, pytest.raises(WarehouseError, match=r"lacks what outcomes\.sql reads"):
        acme.compare(first)


@pytest.mark.parametrize(
    "statement",
    ["drop table metric.opportunity", "alter table metric.opportunity drop column band", "drop table model.snapshot"],
)
def test_a_snapshot_that_lacks_what_was_stored_says_so_on_either_side(warehouse, first, tmp_path, statement):
    copied = shutil.copytree(warehouse, tmp_path / "warehouse")
    age(copied / str(ACME) / f"{first}.duckdb", [statement])
    with opened(copied) as acme, opened(copied, first) as aged:
        for one, other in ((acme, first), (aged, acme.snapshot.id)):
            with pytest.raises(WarehouseError, match="lacks what a comparison reads"):
                one.compare(other)


def test_an_empty_code_matches_nothing(tmp_path):
    """Two rows without a code have nothing in common, however alone each of them is."""
    jobs = [{"id": uid("j1"), "code": "J-1"}, {"id": uid("j2"), "code": " "}]
    for n, codes in enumerate((("", "X"), ("", "X"))):
        rows = [
            {"id": uid(f"of {n} {k}"), "jtbd_id": uid(f"j{k + 1}"), "outcome_id": code, "importance_score": 5, "satisfaction_score": 5}
            for k, code in enumerate(codes)
        ]  # fmt: skip
        worlds.publish(tmp_path / str(ACME), {"jobs_to_be_done": jobs, "jtbd_outcomes": rows})
    with opened(tmp_path) as acme:
        assert (acme.compare().summary["matched_by_code"], acme.compare().summary["appeared"]) == (0, 2)


def age(path, statements):
    """Make a file what an older package would have written, its manifest and seal in step."""
    path.chmod(0o600)
    path.with_suffix(".sha256").chmod(0o600)
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        there = {
            f"{s}.{t}" for s, t in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        }
        document = json.loads(connection.execute("select document from manifest").fetchall()[0][0])
        document["rows"] = {table: n for table, n in document["rows"].items() if table in there}
        connection.execute("update manifest set document = ?", [json.dumps(document)])
    seal(path)


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_shows_what_moved_within_its_width(warehouse, first, width):
    done = run("compare", "acme", first, cwd=warehouse.parent, COLUMNS=str(width))
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= width
    words = " ".join(done.stdout.split())
    assert "2 moved, 1 appeared, 1 vanished, 1 gained a score, 1 lost it, 3 unchanged" in words
    assert "15.8 -> 13.75 (-2.05) HIGH Minimize the time of step 0 · Plan a visit" in words
    assert "importance 9.5 -> 9 (-1); satisfaction 3.2 -> 4.25 (-1.05)" in words
    assert "1 of 7 were matched by job and outcome code" in words
    assert not set(done.stdout) & set("\x1b\x07")


def test_machines_get_the_rows_and_the_method(warehouse, first):
    told = json.loads(run("compare", "acme", first, "--format", "json", cwd=warehouse.parent).stdout)
    assert list(told) == ["older", "newer", "summary", "method_changes", "rows"]
    rows = list(
        csv.DictReader(io.StringIO(run("compare", "acme", first, "--format", "csv", cwd=warehouse.parent).stdout))
    )
    assert [row["new_outcome_id"] for row in rows] == [row["new_outcome_id"] or "" for row in told["rows"]]
    assert len(rows) == sum(
        told["summary"][n] for n in ("moved", "lost_score", "gained_score", "appeared", "vanished", "unchanged")
    )
    few = run("compare", "acme", first, "--format", "csv", "--limit", "2", cwd=warehouse.parent).stdout
    assert len(few.splitlines()) == 3


def test_an_unknown_older_snapshot_is_exit_code_2_and_nothing_else(warehouse, first):
    done = run("compare", "acme", first[:-1], cwd=warehouse.parent)
    assert (done.returncode, done.stdout, f"did you mean {first}" in done.stderr) == (2, "", True)
