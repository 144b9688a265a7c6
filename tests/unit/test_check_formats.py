"""A verdict as build servers read it, read back by other means than those that wrote it."""

import re
from urllib.parse import unquote
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vital_insights.quality.verdict import SEVERITIES, Check, Verdict
from vital_insights.reports import checks

STATUSES = ("passed", "failed", "errored", "not_applicable")
HOSTILE = st.text(max_size=12) | st.sampled_from(["]]>", "::error::", "a\x00b\x1b[31m", "%0A", "\ud800", "line\nbreak"])


@st.composite
def verdicts(draw):
    made = [
        Check(
            suite=draw(st.sampled_from(["jobs", "roles", "opportunity"])), table="raw.t", name=f"check_{n}", expectation="e",
            column=None, severity=draw(st.sampled_from(SEVERITIES)), status=draw(st.sampled_from(STATUSES)),
            because=draw(HOSTILE), observed=draw(st.none() | HOSTILE), examples=tuple(draw(st.lists(HOSTILE, max_size=3))),
            reason=draw(st.none() | HOSTILE), seconds=draw(st.none() | st.floats(0, 9)),
        )
        for n in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    return Verdict(tuple(sorted(made, key=lambda check: check.suite)))


def is_grave(check, at_least):
    return check.status == "failed" and SEVERITIES.index(check.severity) <= SEVERITIES.index(at_least)


@given(verdict=verdicts(), about=HOSTILE, at_least=st.sampled_from(SEVERITIES))
def test_junit_has_one_case_a_check_and_says_how_it_went(verdict, about, at_least):
    root = Tree.fromstring(checks.junit(verdict, about, at_least).encode())
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert list(cases) == [check.name for check in verdict]
    for check in verdict:
        told = {child.tag for child in cases[check.name]}
        if is_grave(check, at_least):
            assert told == {"failure"}
        else:
            assert told == {
                "passed": set(), "errored": {"error"}, "not_applicable": {"skipped"}, "failed": {"system-out"},
            }[check.status]  # fmt: skip
    for counted in (root, *root.iter("testsuite")):
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("tests", "testcase")):
            assert int(counted.get(attribute)) == len(list(counted.iter(tag)))
    for suite in root.iter("testsuite"):
        assert int(suite.get("skipped")) == len(list(suite.iter("skipped")))


@given(verdict=verdicts(), about=HOSTILE, at_least=st.sampled_from(SEVERITIES))
def test_github_gets_one_line_a_wrong_check_whatever_the_rows_hold(verdict, about, at_least):
    lines = list(checks.github(verdict, about, at_least))
    wrong = [check for check in verdict if check.status in ("failed", "errored")]
    assert len(lines) == len(wrong)
    found = {}
    for line in lines:
        level, title, message = re.fullmatch(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)", line).groups()
        name = unquote(title).rpartition(": ")[2]
        found[name] = (level, unquote(message))
    for check in wrong:
        level, message = found[check.name]
        stops = check.status == "errored" or is_grave(check, at_least)
        assert level == ("error" if stops else {"warning": "warning", "info": "notice"}[check.severity])
        assert not check.because.isprintable() or check.because in message


@pytest.mark.parametrize("write", [checks.junit, lambda *told: "\n".join(checks.github(*told))])
def test_what_was_seen_why_it_matters_and_which_rows_are_told(write):
    check = Check("jobs", "raw.jobs", "code_present", "e", "code", "warning", "failed", "People point at jobs by code.",
                  "3 of 340 rows", 3, 340, 3 / 340, ("J-1", "J-2"))  # fmt: skip
    text = write(Verdict((check,)), "aldermoor snapshot-1", "warning")
    for part in ("aldermoor snapshot-1", "3 of 340 rows", "People point at jobs by code.", "J-1, J-2", "code_present"):
        assert part in text
