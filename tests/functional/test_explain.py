"""An explanation says what the row says, with the method's own numbers, and finds the row by id, code or name."""

from __future__ import annotations

import ast
import itertools
import json
import re
import shlex
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction

import pytest

from tests import worlds
from tests.functional.test_command_line import run
from tests.worlds import uid
from vital_insights import insights
from vital_insights.errors import UsageError
from vital_insights.settings import Settings
from vital_insights.warehouse import sqlfile

WORLD = deepcopy(worlds.SMALL)
WORLD["jtbd_outcomes"] += [
    {"id": uid("twin1"), "outcome_id": "TWIN", "outcome_statement": f"Minimize\none{99 * ' so'}", "jtbd_id": uid("j1"),
     "outcome_type": "Speed"},
    {"id": uid("twin2"), "outcome_id": "TWIN", "outcome_statement": "Minimize other", "jtbd_id": uid("j2"), "outcome_type": "speed "},
    {"id": uid("lost"), "outcome_id": "LOST", "outcome_statement": "Minimize \x1b[31mred\u202e", "importance_score": Decimal(9)},
]  # fmt: skip
HOSTILE = 'a"""b\\n\'); --\n'  # a word of the source that would end a string in Python, in SQL and in a shell
WORLD["jobs_to_be_done"] += [
    {
        "id": uid(f"many{n}"),
        "code": f"M-{n}",
        "name": f"Job {n}",
        "org_function_id": uid("f1"),
        "functional_area": HOSTILE,
    }
    for n in range(14)
]
LIKE_AN_ID = "ABCDEF00-0000-4000-8000-00000000AAAA"
WORLD["jtbd_outcomes"] += [
    {"id": uid("coded"), "outcome_id": LIKE_AN_ID, "outcome_type": "", "jtbd_id": uid("j1")},
    {"id": uid("copied"), "outcome_id": str(uid("o0")), "outcome_type": "  ", "jtbd_id": uid("many0")},
]
WORLD["jobs_to_be_done"].append(
    {
        "id": uid("alone"),
        "code": "J-9",
        "name": "By itself",
        "importance_score": Decimal(7),
        "satisfaction_score": Decimal(9),
    }
)
WORLD["jtbd_outcomes"] += [
    {"id": uid(f"mo{n}"), "outcome_id": f"MANY-{n}", "jtbd_id": uid(f"many{n}"), "importance_score": n, "satisfaction_score": 3}
    for n in range(0, 14, 2)
]  # fmt: skip
WORLD["rejects"] = [
    {"table_name": "jtbd_outcomes", "row_key": str(uid("lost")), "column_name": "satisfaction_score", "text": "NaN\x07"}
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("here") / "warehouse"
    world = {table: rows for table, rows in WORLD.items() if table != "rejects"}
    original = worlds.insert

    def with_rejects(connection, rows):
        original(connection, rows)
        for reject in WORLD["rejects"]:
            connection.execute("insert into raw.rejects values (?, ?, ?, ?)", list(reject.values()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worlds, "insert", with_rejects)
        worlds.publish(folder / str(worlds.ACME), world)
    return folder


@pytest.fixture(scope="module")
def acme(warehouse):
    with insights.open_tenant("acme", settings=Settings(warehouse=warehouse)) as opened:
        yield opened


def test_a_score_comes_with_its_formula_thresholds_and_how_sure_it_is(acme):
    told = acme.explain("opportunity", str(uid("o0")))
    i, s, d = Fraction("9.5"), Fraction("3.2"), Fraction("0.5")
    scores = [a + max(a - b, 0) for a, b in itertools.product((i - d, i, i + d), (s - d, s, s + d)) if a <= 10]
    low, high = (f"{float(each):g}" for each in (min(scores), max(scores)))
    assert told.reasons[:5] == (
        "score = importance + max(importance - satisfaction, 0)",
        "score = 9.5 + max(9.5 - 3.2, 0) = 15.8",
        "15.8 is above 12, so HIGH",
        "region underserved: the score 15.8 is above 10",
        f"each input may be off by 0.5: score {low} to {high}, stays HIGH",
    )
    assert told.reasons[-2:] == (
        "it leaves HIGH once satisfaction reaches 7 (now 3.2)",
        "nobody has examined this job yet: no consultation and no panel is about it",
    )


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        ("OUT-1", ["score = 10 + max(10 - 8, 0) = 12", "12 is not below 8 and not above 12, so MEDIUM"]),
        ("OUT-3", ["8 is not below 8 and not above 12, so MEDIUM", "importance 8 and satisfaction 8 are both 7.5 or more"]),
        ("OUT-4", ["5 is below 8, so LOW", "region overserved: satisfaction 9 is above importance 5"]),
        ("OUT-2", ["score = 8.3 + max(8.3 - 4.6, 0) = 12", "score 10.5 to 13.5, from MEDIUM to HIGH"]),
        ("OUT-5", ["UNSCORED", "importance is missing in the source", "satisfaction is 4"]),
        ("OUT-6", ["UNSCORED", "importance is 11, outside 0-10", "satisfaction is 1"]),
        ("LOST", ["satisfaction is missing: the source says 'NaN\x07', which is no such number (raw.rejects)"]),
    ],
)  # fmt: skip
def test_each_band_has_its_reason(acme, code, sentences):
    reasons = "\n".join(acme.explain("opportunity", code).reasons)
    assert not [sentence for sentence in sentences if sentence not in reasons], reasons
    assert ("leaves HIGH" in reasons) == ("so HIGH" in reasons)


def test_the_thresholds_are_those_of_the_snapshot(tmp_path, monkeypatch):
    bands = next(file for file in worlds.ordered() if file.table == "model.band_scheme")
    moved = bands.sql.replace("cast(12 as decimal(18, 6)) as high_above", "cast(15.9 as decimal(18, 6)) as high_above")
    assert moved != bands.sql
    files = [sqlfile.SqlFile(**{**vars(f), "sql": moved if f is bands else f.sql}) for f in worlds.ordered()]
    monkeypatch.setattr(worlds, "ordered", lambda: files)
    worlds.publish(tmp_path / str(worlds.ACME), worlds.SMALL)
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as opened:
        assert "15.8 is not below 8 and not above 15.9, so MEDIUM" in opened.explain("opportunity", "OUT-0").reasons


def test_every_column_of_every_row_is_told_as_the_table_has_it(acme):
    for metric in acme.metrics()["name"]:
        grain = sqlfile.metric(metric).grain
        columns = {row["column"]: row for row in acme.metrics(metric).to_dicts()}
        frame = acme.metric(metric)
        for row in frame.to_dicts()[:40]:
            told = acme.explain(metric, *(None if row[c] is None else str(row[c]) for c in grain))
            assert {value.column: value.value for value in told.values} == row
            for value in told.values:
                about = columns[value.column]
                assert (value.unit, value.meaning, value.null_means) == (
                    about["unit"],
                    about["meaning"],
                    about["null_means"],
                )
                assert (value.text == "–") == (value.value is None)
                unknown = value.value is None and about["null_means"]
                assert value.told == (f"unknown: {about['null_means']}" if unknown else about["meaning"])
            assert told.provenance["snapshot"] == acme.snapshot.id


def test_a_decimal_is_printed_without_idle_zeros(acme):
    texts = {value.column: value.text for value in acme.explain("opportunity", "OUT-1").values}
    assert (texts["importance"], texts["score"], texts["gap"]) == ("10", "12", "2")


def test_the_source_rows_are_named(acme):
    rows = acme.explain("opportunity", "OUT-0").sources
    assert [(row["table"], row["id"]) for row in rows] == [
        ("raw.jtbd_outcomes", str(uid("o0"))), ("raw.jobs_to_be_done", str(uid("j1"))),
    ]  # fmt: skip
    assert {"updated_at", "evidence_source"} <= set(rows[0])
    [own] = acme.explain("opportunity", str(uid("alone"))).sources
    assert (own["table"], own["id"]) == ("raw.jobs_to_be_done", str(uid("alone")))


@pytest.mark.parametrize("metric", ["opportunity_by", "coverage_by"])
def test_the_command_lists_exactly_what_was_counted(acme, metric):
    """Each kind of member, those of nobody and those with too many jobs for a command among them."""
    ways = set()
    for row in acme.metric(metric).to_dicts():
        told = acme.explain(metric, row["dimension"], row["member"])
        ways.add(told.rows_behind.split("(")[0].split(" ")[0])
        if told.rows_behind.startswith("insights.sql"):
            [call] = ast.parse(told.rows_behind).body
            found = acme.sql(*map(ast.literal_eval, call.value.args))
        else:
            program, show, slug, of, *conditions = shlex.split(told.rows_behind)
            assert (program, show, slug) == ("vital-insights", "show", "acme")
            where = {}
            for pair in conditions[1::2]:
                column, _, value = pair.partition("=")
                where.setdefault(column, []).append(value or None)
            found = acme.metric(of, where=where)
        expected = row["n_outcomes"] if metric == "opportunity_by" else row["n_jobs"]
        if expected is not None:
            assert found.height == expected, (row["dimension"], row["member_name"], told.rows_behind)
    assert ways == {"vital-insights", "insights.sql"}


def test_counts_and_shares_are_told_with_their_parts(acme):
    row = acme.explain("opportunity_by", "role", "Rep")
    assert row.key == {"dimension": "role", "member": str(uid("r1"))}
    assert row.reasons[0] == "7 outcomes = 1 HIGH + 3 MEDIUM + 1 LOW + 2 UNSCORED"
    shares = acme.explain("coverage_by", "function", "Commercial").reasons
    assert "share_with_role = n_with_role / n_jobs = 1 / 16 = 6%" in shares


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("oportunity", "OUT-0"), "did you mean opportunity"),
        (("opportunity", "OUT-00"), "did you mean OUT-0"),
        (("opportunity", "out-0 "), "did you mean OUT-0"),
        (("opportunity", None), "opportunity has no row '(none)'.\n\nHint: there are: "),
        (("opportunity", 3), "has no row '3'"),
        (("band_summary", "high"), "did you mean HIGH?"),
        (("opportunity", str(uid("nobody"))), "has no row"),
        (("opportunity",), "explain TENANT opportunity OUTCOME_ID"),
        (("opportunity", "a", "b"), "named by its outcome_id; 2 given"),
        (("opportunity_by", "Rep"), "named by its dimension and its member; 1 given"),
        (("opportunity_by", "rol", "Rep"), "did you mean role"),
        (("opportunity_by", "role", "Reb"), "did you mean Rep"),
        (("opportunity", "TWIN"), "2 rows of opportunity are called 'TWIN'"),
        (("opportunity", "'; drop table x; --"), "has no row"),
    ],
)
def test_a_key_that_is_none_is_answered_with_the_nearest(acme, words, told):
    with pytest.raises(UsageError) as error:
        acme.explain(*words)
    assert told in str(error.value)


def test_a_code_that_means_two_lists_both_with_their_ids(acme):
    with pytest.raises(UsageError) as error:
        acme.explain("opportunity", "TWIN")
    for name, statement in (("twin1", "Minimize one"), ("twin2", "Minimize other")):
        assert re.search(rf"{uid(name)} · {statement}", str(error.value))
    assert max(map(len, str(error.value).splitlines())) < 160


def test_a_metric_of_one_row_needs_no_key(acme):
    assert acme.explain("method").key == {"snapshot_id": acme.snapshot.id}


def test_a_name_will_do_for_any_part_of_a_key(acme):
    found = acme.explain("collection_progress", "Commercial", "jobs")
    assert found.key == {"member": str(uid("f1")), "step_name": "jobs"}


def test_an_id_is_found_however_it_is_written(acme):
    for spelled in (str(uid("o0")).upper(), uid("o0").hex, uid("o0").urn, f"{{{uid('o0')}}}", uid("o0")):
        assert acme.explain("opportunity", spelled).key == {"outcome_id": str(uid("o0"))}


def test_a_code_may_look_like_an_id(acme):
    """The id goes first where it is one; a code of that form is still found."""
    assert acme.explain("opportunity", LIKE_AN_ID).key == {"outcome_id": str(uid("coded"))}
    assert acme.explain("opportunity", str(uid("copied"))).sources[0]["outcome_id"] == str(uid("o0"))


def test_the_nearest_of_very_many_is_found_without_reading_them_all(tmp_path):
    rows = [
        {"id": uid(f"n{n}"), "outcome_id": f"CODE-{n}", "importance_score": 5, "satisfaction_score": 5}
        for n in range(300)
    ]
    worlds.publish(tmp_path / str(worlds.ACME), {"jtbd_outcomes": rows})
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as opened:
        with pytest.raises(UsageError, match="did you mean CODE-29, CODE-29"):
            opened.explain("opportunity", "code-29O")
        with pytest.raises(UsageError, match="there are more than 200, among them CODE-"):
            opened.explain("opportunity", "zzz")


AGED = {  # what an older version did not keep -> what cannot be told without it
    "metric.opportunity:rank": "opportunity",
    "metric.opportunity:level": "opportunity",
    "raw.rejects": "opportunity",
    "metric.opportunity_by:n_high": "opportunity_by",
    "model.membership": "coverage_by",
}


def test_a_snapshot_of_an_older_version_is_explained_as_far_as_it_goes(tmp_path):
    keys = {"opportunity": (uid("o5"),), "opportunity_by": ("role", "Rep"), "coverage_by": ("function", "Commercial")}
    for aged, metric in AGED.items():
        path = worlds.publish(tmp_path / str(worlds.ACME), worlds.SMALL, without=[aged, "metric.method:high_above"])
        with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path), snapshot_id=path.stem) as opened:
            told = opened.explain(metric, *keys[metric])
            [reason] = told.reasons
            assert f"made by an older version: without {aged.split(':')[-1]} there" in reason
            assert {value.column: value.value for value in told.values}.items() <= {
                c: v
                for row in opened.metric(metric).to_dicts()
                for c, v in row.items()
                if row.items() >= told.key.items()
            }.items()
    with insights.open_tenant("acme", settings=Settings(warehouse=tmp_path)) as opened:
        assert "this snapshot does not record its formula" in opened.explain("opportunity", uid("o0")).reasons[0]


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_shows_all_of_it_within_its_width(acme, warehouse, width):
    printed = run("explain", "acme", "opportunity", "OUT-0", cwd=warehouse.parent, COLUMNS=str(width)).stdout
    assert max(map(len, printed.splitlines())) <= width
    words, told = " ".join(printed.split()), acme.explain("opportunity", "OUT-0")
    for text in [*told.reasons, *(f"{v.column} = {v.text}" for v in told.values), *(v.told for v in told.values)]:
        assert " ".join(text.split()) in words
    assert acme.snapshot.id in words


def test_what_a_terminal_would_obey_is_not_printed(warehouse):
    printed = run("explain", "acme", "opportunity", "LOST", cwd=warehouse.parent).stdout
    assert "Minimize [31mred" in printed
    assert not set(printed) & set("\x1b\x07\u202e")


def test_json_says_the_same(acme, warehouse):
    done = run("explain", "acme", "opportunity", "OUT-0", "--format", "json", cwd=warehouse.parent)
    told, ours = json.loads(done.stdout), acme.explain("opportunity", "OUT-0")
    assert list(told) == [
        "metric",
        "title",
        "because",
        "key",
        "values",
        "reasons",
        "sources",
        "rows_behind",
        "provenance",
    ]
    assert told["reasons"] == list(ours.reasons)
    assert {v["column"]: v["value"] for v in told["values"]}["score"] == 15.8
    assert "OUT-0" in ours.text
    none = run("explain", "acme", "opportunity_by", "role", "", "--format", "json", cwd=warehouse.parent)
    assert json.loads(none.stdout)["key"] == {"dimension": "role", "member": None}


@pytest.mark.parametrize("words", [("opportunity", "OUT-00"), ("oportunity", "x"), ("opportunity", "TWIN")])
def test_a_mistake_is_exit_code_2_and_nothing_else(warehouse, words):
    done = run("explain", "acme", *words, cwd=warehouse.parent)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)
    assert done.stderr.startswith("Error: ")
