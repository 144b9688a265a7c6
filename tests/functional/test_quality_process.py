"""The quality process: exact on numbers, never silent, never talkative."""

import json
import random
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from vital_insights.errors import QualityError, WarehouseError
from vital_insights.quality import QualityProcess, Verdict, load

CANARY = "canary-7f3a-Erika-Mustermann"
BETWEEN, PRESENT = "expect_column_values_to_be_between", "expect_column_values_to_not_be_null"
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The child's home and folder for temporary files: what it writes would be found here."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def process(home):
    secrets = {"VITAL_SOURCE_URL": f"postgresql://u:{CANARY}@h/d", "PGPASSWORD": CANARY}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**secrets, "HOME": str(home), "TMPDIR": str(home)}.items():
            patch.setenv(name, value)
        started = QualityProcess(deadline=120)
    with started:
        yield started


@pytest.fixture
def suite(tmp_path):
    """Makes a suite on raw.t from (type, kwargs) pairs."""

    def make(*expectations, name="t", key=("id",)):
        listed = [
            {"type": kind, "kwargs": kwargs, "severity": "critical", "meta": {"because": "x", "name": f"n{number}"}}
            for number, (kind, kwargs) in enumerate(expectations)
        ]
        folder = tmp_path / name
        folder.mkdir()
        document = {"name": name, "meta": {"table": f"raw.{name}", "key": list(key)}, "expectations": listed}
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
        return load(folder)[0]

    return make


def reading(frame):
    return lambda table, columns: frame.select(columns)


def test_a_number_fails_by_the_smallest_step_and_passes_on_the_bound(process, suite):
    asked = suite((BETWEEN, {"column": "score", "min_value": 0.1, "max_value": 10}))
    scores = ["0.1", "10", "10.000001", "0.099999", None, "9.999999", "-0.000001"]
    frame = pl.DataFrame({"id": list("abcdefg"), "score": [s and Decimal(s) for s in scores]}).cast(
        {"score": pl.Decimal(18, 6)}
    )
    for given in (frame, frame.to_arrow()):
        (check,) = process.check([asked], reading(given))
        assert (check.status, check.examples, check.n_failed, check.n_total) == ("failed", ("c", "d", "g"), 3, 7)
        assert check.share == 3 / 7
        assert check.observed == "3 of 7 rows"
        assert 0 < check.seconds < 60


def test_every_decimal_of_a_score_equals_its_own_text(process, suite):
    drawn = random.Random(20)
    exact = [Decimal(drawn.randrange(0, 20_000_001)).scaleb(-6) for _ in range(2000)]
    asked = suite(("expect_column_values_to_be_in_set", {"column": "score", "value_set": [float(d) for d in exact]}))
    frame = pl.DataFrame({"id": range(2000), "score": exact}, schema={"id": pl.Int64, "score": pl.Decimal(18, 6)})
    (check,) = process.check([asked], reading(frame))
    assert (check.status, check.n_failed) == ("passed", 0)


def test_nan_is_no_missing_value(process, suite):
    asked = suite((BETWEEN, {"column": "mean", "min_value": 0, "max_value": 20}))
    frame = pl.DataFrame({"id": ["nan", "null", "fine"], "mean": [float("nan"), None, 20.0]})
    (check,) = process.check([asked], reading(frame))
    assert (check.status, check.examples) == ("failed", ("nan",))


def test_what_duckdb_hands_over_is_understood(process, suite):
    asked = suite(
        (PRESENT, {"column": "id"}),
        ("expect_column_values_to_be_unique", {"column": "id"}),
        (BETWEEN, {"column": "n", "min_value": 1, "max_value": 1}),
        ("expect_column_values_to_be_in_set", {"column": "b", "value_set": [True]}),
        (PRESENT, {"column": "at"}),
    )
    sql = """
        select uuid '00000000-0000-0000-0000-000000000001' as id, sum(1) as n, true as b, timestamptz '2026-01-01' as at
        union all select '00000000-0000-0000-0000-000000000002', 2, false, null
    """
    with duckdb.connect() as con:
        for relation in (con.sql(sql).pl(), con.sql(sql).to_arrow_table()):
            checks = list(process.check([asked], reading(relation)))
            assert [check.status for check in checks] == ["passed", "passed", "failed", "failed", "failed"]
            assert {check.examples for check in checks[2:]} == {("00000000-0000-0000-0000-000000000002",)}


def test_examples_are_twenty_keys_and_a_key_of_two_columns_is_told_apart(process, suite):
    asked = suite((PRESENT, {"column": "x"}), key=("a", "b"))
    frame = pl.DataFrame(
        {"a": range(50), "b": ["k"] * 49 + [None], "x": [None] * 50}, schema_overrides={"x": pl.String}
    )
    (check,) = process.check([asked], reading(frame.reverse()))
    assert len(check.examples) == 20
    assert check.examples[:2] == ("49 / NULL", "48 / k")
    assert check.n_failed == 50


def test_what_passes_together_answers_as_if_asked_alone(process, suite):
    """A suite is asked at once; what it lets pass with rows against it is still counted, with its rows."""
    asked = suite(
        (PRESENT, {"column": "id"}),
        (PRESENT, {"column": "x", "mostly": 0.5}),
        (PRESENT, {"column": "x"}),
        ("expect_table_row_count_to_be_between", {"min_value": 2}),
        (BETWEEN, {"column": "id", "min_value": 0, "max_value": 1}),  # texts: raises, and breaks no other
    )
    frame = pl.DataFrame({"id": ["a", "b", "c"], "x": ["x", None, "z"]})
    told = [(c.status, c.observed, c.n_failed, c.n_total, c.examples) for c in process.check([asked], reading(frame))]
    assert told[:4] == [
        ("passed", "0 of 3 rows", 0, 3, ()),
        ("passed", "1 of 3 rows", 1, 3, ("b",)),
        ("failed", "1 of 3 rows", 1, 3, ("b",)),
        ("passed", "3", None, None, ()),
    ]
    assert told[4][0] == "errored"


def test_observed_is_a_number_or_nothing(process, suite):
    asked = suite(
        ("expect_column_max_to_be_between", {"column": "n", "max_value": 1}),
        ("expect_column_most_common_value_to_be_in_set", {"column": "name", "value_set": ["z"]}),
    )
    frame = pl.DataFrame({"id": ["a", "b"], "n": [1, 1234], "name": [CANARY, "x"]})
    number, words = process.check([asked], reading(frame))
    assert (number.status, number.observed, number.n_failed, number.share) == ("failed", "1,234", None, None)
    assert (words.status, words.observed) == ("failed", None)


def test_what_the_source_lacks_is_not_applicable_and_is_never_asked_for(process, suite):
    asked = suite((PRESENT, {"column": "here"}), (PRESENT, {"column": "gone"}))
    other = suite((PRESENT, {"column": "x"}), name="u")
    seen = []

    def read(table, columns):
        seen.append((table, columns))
        return pl.DataFrame({"id": ["a"], "here": ["x"]})

    absent = {("raw.t", "gone"): "no column gone", ("raw.u", None): "no table u"}
    verdict = process.check([asked, other], read, absent)
    assert [(check.status, check.reason) for check in verdict] == [
        ("passed", None),
        ("not_applicable", "no column gone"),
        ("not_applicable", "no table u"),
    ]
    assert seen == [("raw.t", ["id", "here"])]
    assert verdict.publishable
    assert {c.status for c in process.check([asked], read, {("raw.t", "id"): "no key"})} == {"not_applicable"}


@pytest.mark.parametrize(
    ("kind", "kwargs", "said"),
    [
        ("expect_column_values_to_be_betwen", {"column": "a"}, "did you mean expect_column_values_to_be_between"),
        (BETWEEN, {"column": "a", "min_valu": 0}, "no setting 'min_valu'.*did you mean.*min_value"),
        (BETWEEN, {"column": "a"}, "does not accept these settings.*cannot both be None"),
        ("expect_column_to_exist", {"column": "a"}, "needs a whole table or SQL"),
    ],
)
def test_an_expectation_that_does_not_exist_is_refused_before_anything_is_read(process, suite, kind, kwargs, said):
    def never(table, columns):
        raise AssertionError

    with pytest.raises(QualityError, match=f"(?s)t\\.json: t\\.n0: .*{said}"):
        process.check([suite((kind, kwargs))], never)


def test_a_table_that_cannot_be_read_is_errored(process, suite):
    def broken(table, columns):
        raise ValueError(CANARY)

    def told(table, columns):
        raise WarehouseError("The snapshot is damaged.")

    asked = suite((PRESENT, {"column": "a"}), (PRESENT, {"column": "b"}))
    assert {c.reason for c in process.check([asked], broken)} == {"the table could not be read (ValueError)"}
    assert {c.reason for c in process.check([asked], told)} == {"The snapshot is damaged."}
    short = process.check([asked], lambda table, columns: pl.DataFrame({"id": ["x"], "a": ["y"]}))
    assert [(c.status, c.reason) for c in short] == [("passed", None), ("errored", "the table has no column b")]
    assert not short.publishable


def test_no_value_of_a_row_leaves_the_process(process, suite, capfd, home):
    """A canary in rows that fail and in rows that make Great Expectations raise, where messages quote them."""
    asked = suite(
        ("expect_column_values_to_match_regex", {"column": "name", "regex": "^x$"}),
        ("expect_column_values_to_be_in_set", {"column": "name", "value_set": ["x"]}),
        (BETWEEN, {"column": "name", "min_value": 0, "max_value": 1}),
        ("expect_column_mean_to_be_between", {"column": "name", "min_value": 0}),
        ("expect_column_most_common_value_to_be_in_set", {"column": "name", "value_set": ["x"]}),
        ("expect_column_values_to_match_json_schema", {"column": "name", "json_schema": {"type": "object"}}),
        (PRESENT, {"column": "other", "row_condition": {"type": "pass_through", "pass_through_filter": "name > 5"}}),
    )
    names = [CANARY, f"x\n{CANARY}: y\nz", f'{{"a": "{CANARY}"'] * 400
    frame = pl.DataFrame({"id": [str(n) for n in range(1200)], "name": names, "other": names})
    verdict = process.check([asked], reading(frame))
    assert verdict.by_status["failed"] >= 3  # else the canary was never near
    assert verdict.by_status["errored"] >= 2
    assert {check.status for check in verdict} == {"failed", "errored"}
    assert all(check.reason.isidentifier() for check in verdict.errored)
    shown = "".join(capfd.readouterr()) + verdict.frame().write_json() + verdict.summary() + repr(verdict)
    assert CANARY not in shown
    written = [path for path in home.rglob("*") if path.is_file()]
    assert not [path for path in written if CANARY.encode() in path.read_bytes()]


@linux
def test_the_child_gets_no_secret_and_no_telemetry(process):
    given = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert CANARY.encode() not in given
    assert b"VITAL_" not in given
    assert b"GX_ANALYTICS_ENABLED=false" in given


def test_one_process_answers_again_and_again_alike(process):
    asked = load()[:5]
    empty = lambda table, columns: pl.DataFrame(schema=dict.fromkeys(columns, pl.String))  # noqa: E731
    first, second = (process.check(asked, empty) for _ in range(2))
    still = lambda verdict: verdict.frame().drop("seconds").to_dicts()  # noqa: E731
    assert still(first) == still(second)
    assert [check.suite for check in first] == [each.name for each in asked for _ in each.expectations]
    with duckdb.connect() as con:  # as the snapshot stores it
        stored = first.frame()
        con.register("stored", stored.to_arrow())
        con.sql("create table verdict as select * from stored")
        assert Verdict.from_frame(con.sql("select * from verdict").pl()) == first


def test_arrow_itself_would_round_scores_wrongly():
    """Why decimals are not left to Arrow: if this ever fails, the detour through polars can go."""
    exact = [Decimal(n).scaleb(-6) for n in range(0, 20_000_001, 9_973)]
    cast = pa.array(exact, pa.decimal128(18, 6)).cast(pa.float64()).to_pylist()
    assert any(got != float(wanted) for got, wanted in zip(cast, exact, strict=True))
