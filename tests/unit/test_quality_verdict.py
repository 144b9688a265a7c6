"""The verdict counts, decides and survives storage."""

import itertools

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vital_insights.errors import QualityError, UsageError
from vital_insights.quality import Check, Verdict
from vital_insights.quality.verdict import SEVERITIES, STATUSES


def a_check(severity="critical", status="passed", name="personas.id_present", **more):
    return Check("personas", "raw.personas", name, "expect_x", "id", severity, status, "because it matters", **more)


every_kind = Verdict(tuple(a_check(severity, status) for severity, status in itertools.product(SEVERITIES, STATUSES)))


def test_counts_hold_every_status_and_severity():
    assert every_kind.by_status == {"failed": 3, "errored": 3, "passed": 3, "not_applicable": 3}
    assert every_kind.failed_by_severity == {"critical": 1, "warning": 1, "info": 1}
    assert Verdict(()).by_status == {"failed": 0, "errored": 0, "passed": 0, "not_applicable": 0}
    assert Verdict(()).failed_by_severity == {"critical": 0, "warning": 0, "info": 0}


def test_failed_counts_the_severity_and_graver_ones_gravest_first():
    verdict = Verdict((a_check("info", "failed"), a_check("warning", "failed"), a_check("critical", "failed")))
    assert [check.severity for check in verdict.failed()] == ["critical"]
    assert [check.severity for check in verdict.failed("warning")] == ["critical", "warning"]
    assert [check.severity for check in verdict.failed("info")] == ["critical", "warning", "info"]


def test_of_equal_severity_a_table_as_a_whole_stands_first_and_then_the_larger_share():
    shares = {"few": 0.01, "most": 0.9, "whole": None, "none": 0.0}
    verdict = Verdict(
        (
            *(a_check("warning", "failed", name, share=share) for name, share in shares.items()),
            a_check("critical", "failed"),
        )
    )
    assert [check.name for check in verdict.failed("info")] == ["personas.id_present", "whole", "most", "few", "none"]


def test_a_misspelt_severity_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match=r"(?s)'critcal'.*did you mean critical"):
        every_kind.failed("critcal")


@pytest.mark.parametrize(
    ("severity", "status", "publishable"),
    [
        ("critical", "failed", False),
        ("warning", "failed", True),
        ("info", "failed", True),
        ("critical", "errored", False),
        ("info", "errored", False),
        ("critical", "not_applicable", True),
        ("critical", "passed", True),
    ],
)
def test_only_a_critical_failure_or_a_missing_answer_stops_publishing(severity, status, publishable):
    assert Verdict((a_check(), a_check(severity, status))).publishable is publishable


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (Verdict(()), "Nothing was checked."),
        (Verdict((a_check(), a_check())), "2 of 2 checks passed."),
        (
            every_kind,
            "3 of 12 checks passed; 3 failed (1 critical, 1 warning, 1 info); 3 could not run; 3 did not apply.",
        ),
    ],
)
def test_the_summary_is_one_sentence(verdict, sentence):
    assert verdict.summary() == sentence


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
checks = st.builds(
    Check,
    suite=text, table=text, name=text, expectation=text, column=st.none() | text, severity=st.sampled_from(SEVERITIES),
    status=st.sampled_from(STATUSES), because=text, observed=st.none() | text,
    n_failed=st.none() | st.integers(0, 2**62), n_total=st.none() | st.integers(0, 2**62),
    share=st.none() | st.floats(0, 1), examples=st.lists(text, max_size=20).map(tuple), seconds=st.none() | st.floats(0, 1e9),
    reason=st.none() | text,
)  # fmt: skip


@given(st.lists(checks, max_size=5).map(tuple).map(Verdict), st.randoms(use_true_random=False))
def test_a_verdict_comes_back_from_its_frame_exactly(verdict, random):
    frame = verdict.frame()
    columns = random.sample(frame.columns, len(frame.columns))
    assert Verdict.from_frame(frame.select(columns)) == verdict


def test_the_frame_is_typed_even_without_a_row():
    types = dict(Verdict(()).frame().schema)
    assert types.pop("examples") == pl.List(pl.String)
    assert {name for name, kind in types.items() if kind == pl.Int64} == {"n_failed", "n_total"}
    assert {name for name, kind in types.items() if kind == pl.Float64} == {"share", "seconds"}
    assert Verdict(()).frame().schema == every_kind.frame().schema


def test_a_stored_verdict_without_a_column_is_an_error_and_not_a_guess():
    with pytest.raises(QualityError, match="lacks reason"):
        Verdict.from_frame(every_kind.frame().drop("reason"))
