"""A verdict for the machines that build servers run: JUnit XML, and GitHub's annotations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

if TYPE_CHECKING:
    from vital_insights.quality.verdict import Check, Severity, Verdict


def junit(verdict: Verdict, about: str, at_least: Severity = "critical") -> str:
    """The verdict as JUnit XML: a suite a table or metric, a test case an expectation.

    A failure at `at_least` or graver is a <failure>, one below it passes and is told in <system-out>; errored is an
    <error>, not applicable is <skipped>. `about` names the tenant and the build.
    """
    grave = set(verdict.failed(at_least))
    root = Tree.Element("testsuites", name=_fit(about), tests=str(len(verdict)), failures=str(len(grave)),
                        errors=str(len(verdict.errored)))  # fmt: skip
    for name, group in groupby(verdict, key=lambda check: check.suite):
        checks = list(group)
        suite = Tree.SubElement(
            root, "testsuite", name=_fit(name), tests=str(len(checks)), failures=str(len(grave.intersection(checks))),
            errors=str(sum(c.status == "errored" for c in checks)), skipped=str(sum(c.status == "not_applicable" for c in checks)),
            time=f"{sum(c.seconds or 0 for c in checks):.3f}",
        )  # fmt: skip
        for check in checks:
            case = Tree.SubElement(suite, "testcase", classname=_fit(check.table), name=_fit(check.name),
                                   time=f"{check.seconds or 0:.3f}")  # fmt: skip
            if check.status == "errored":
                Tree.SubElement(case, "error", message=_fit(check.reason or ""), type=check.severity).text = _told(
                    check
                )
            elif check.status == "not_applicable":
                Tree.SubElement(case, "skipped", message=_fit(check.reason or ""))
            elif check in grave:
                Tree.SubElement(case, "failure", message=_fit(check.observed or ""), type=check.severity).text = _told(
                    check
                )
            elif check.status == "failed":
                Tree.SubElement(case, "system-out").text = f"{check.severity}: {_told(check)}"
    Tree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, encoding="unicode") + "\n"


_LEVELS = {"warning": "warning", "info": "notice"}


def github(verdict: Verdict, about: str, at_least: Severity = "critical") -> Iterator[str]:
    """A line an annotation, the gravest first: what could not run and what failed at `at_least` is an error.

    GitHub shows ten of each kind a step, so every line stands alone.
    """
    grave = set(verdict.failed(at_least))
    for check in (*verdict.errored, *verdict.failed("info")):
        level = "error" if check in grave or check.status == "errored" else _LEVELS[check.severity]
        title = f"{about}: {check.name}"
        yield f"::{level} title={_escaped(title, ':', ',')}::{_escaped(_told(check))}"


def _told(check: Check) -> str:
    said = check.reason if check.status == "errored" else check.observed
    rows = f" Rows: {', '.join(check.examples)}" if check.examples else ""
    return _fit(f"{said or check.status}. {check.because}{rows}")


def _fit(text: str) -> str:
    """What XML and a log may hold: keys come from the source and may hold anything."""
    return "".join(c if c.isprintable() else " " for c in text)


def _escaped(text: str, *also: str) -> str:
    for sign in ("%", "\r", "\n", *also):  # the percent sign first: it is what escapes the others
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
