"""The history of checks against a plain reading of the same builds, backwards and by hand."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vital_insights.quality.history import history
from vital_insights.quality.verdict import Check, Verdict

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
STATUSES = (None, "passed", "failed", "errored", "not_applicable")  # None: the check was not asked


def builds(*columns):
    """Builds a day apart; a column says how one check went from build to build."""
    found = []
    for day, statuses in enumerate(zip(*columns, strict=True)):
        checks = [
            Check(
                "s",
                "raw.t",
                f"c{n}",
                "e",
                None,
                "warning",
                status,
                "why",
                n_failed=day + 1 if status == "failed" else None,
            )
            for n, status in enumerate(statuses)
            if status
        ]
        found.append((START + timedelta(days=day), Verdict(tuple(checks))))
    return found


def told(*statuses):
    rows = history(builds(statuses)).to_dicts()
    return (rows[0]["change"], (rows[0]["since"] - START).days) if rows else None


def test_each_kind_of_change():
    assert told("failed") == ("new", 0)
    assert told("passed", "failed") == ("new", 1)
    assert told("failed", "failed") == ("failing", 0)
    assert told("failed", "passed", "failed", "errored") == ("failing", 2)
    assert told("failed", "passed") == ("fixed", 1)
    assert told("failed", "not_applicable") == ("gone", 1)
    assert told("failed", None) == ("gone", 1)
    assert told("failed", "passed", "passed") is None
    assert told("passed", "passed") is None
    assert told(None, "failed", "failed") == ("failing", 1)


def test_counts_of_both_builds_stand_side_by_side_and_the_gravest_come_first():
    first = Verdict((Check("a", "t", "x", "e", None, "info", "failed", "w", n_failed=2),))
    second = Verdict((
        Check("a", "t", "x", "e", None, "info", "failed", "w", n_failed=5),
        Check("b", "t", "y", "e", None, "critical", "failed", "w", n_failed=1),
    ))  # fmt: skip
    rows = history([(START, first), (START + timedelta(days=1), second)]).to_dicts()
    assert [(r["suite"], r["change"], r["n_failed"], r["n_failed_before"]) for r in rows] == [
        ("b", "new", 1, None), ("a", "failing", 5, 2),
    ]  # fmt: skip


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.sampled_from(STATUSES), min_size=n, max_size=n), max_size=3)
    )
)
def test_what_is_wrong_now_is_there_and_what_was_right_twice_is_not(columns):
    found = {row["name"]: row for row in history(builds(*columns) or [(START, Verdict(()))]).to_dicts()}
    for n, statuses in enumerate(columns):
        wrong = [status in ("failed", "errored") for status in statuses]
        shown = wrong[-1] or (len(wrong) > 1 and wrong[-2])
        assert (f"c{n}" in found) is shown
        if shown:
            days = (found[f"c{n}"]["since"] - START).days
            assert all(state == wrong[-1] for state in wrong[days:])
            assert days == 0 or wrong[days - 1] != wrong[-1]
