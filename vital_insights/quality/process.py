"""The parent's side: starts the quality process at once, asks it suite by suite, and takes silence for an error."""

from __future__ import annotations

import io
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from vital_insights.errors import QualityError, VitalError
from vital_insights.quality.suites import RULES, Expectation, Suite
from vital_insights.quality.verdict import Check, Verdict

if TYPE_CHECKING:
    import polars
    import pyarrow

Read = Callable[[str, list[str]], "polars.DataFrame | pyarrow.Table"]
Absent = Mapping[tuple[str, str | None], str]

# All that the child needs to find Python and its libraries: no VITAL_* value, no password, no proxy.
PASSED_ON = {
    "HOME", "LANG", "LC_ALL", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "SYSTEMROOT", "TMPDIR", "TZ",
    "VIRTUAL_ENV",
    "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START",  # set only while the tests measure themselves
}  # fmt: skip


GRACE = 3  # seconds to end by itself


class _NoAnswer(Exception):
    """The child died, was stopped at its deadline or broke off; the text says which, without a row value."""


class QualityProcess:
    """Great Expectations in a process of its own. The child starts on creation, since its import takes seconds.

    `deadline` is in seconds, for one suite; the first also waits for the import. Use it as a context manager and
    keep it in the thread that made it: on Linux the child dies with that thread.
    """

    def __init__(self, deadline: float = 600) -> None:
        self.deadline = deadline
        environment = {name: value for name, value in os.environ.items() if name in PASSED_ON}
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "vital_insights.quality.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what libraries print may quote rows
            env={**environment, "GX_ANALYTICS_ENABLED": "false", "PYTHONWARNINGS": "ignore"},
        )
        self._gone: str | None = None
        self._expired = False

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    def __enter__(self) -> QualityProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._child.terminate()  # nothing of ours handles this signal, so the system ends it even in the midst of work
        try:
            self._child.communicate(timeout=GRACE)
        except subprocess.TimeoutExpired:  # a library, or a tool that measures, handles it and does not get to it
            self._child.kill()
            self._child.communicate()

    def check(
        self, suites: Iterable[Suite], read: Read, absent: Absent | None = None, sizes: Mapping[str, int] | None = None
    ) -> Verdict:
        """The verdict on all these suites, in their order.

        `read(table, columns)` gives the columns of one table, `sizes` counts the rows of each `of`. `absent` maps
        (table, column), or (table, None) for a whole table, to the reason why the source lacks it: such checks are not
        applicable and are not sent. Whatever the child does not answer is errored. QualityError if a suite asks for what
        Great Expectations does not have.
        """
        suites, absent, sizes = list(suites), absent or {}, sizes or {}
        self.refuse_nonsense(suites)
        return Verdict(tuple(check for suite in suites for check in self._check(suite, read, absent, sizes)))

    def refuse_nonsense(self, suites: Iterable[Suite]) -> None:
        """QualityError if a suite asks for what Great Expectations does not have. It waits for the import."""
        for suite in suites:
            try:
                refused = self._ask(suite, suite.expectations, b"")["refused"]
            except _NoAnswer:
                return  # nobody is there to ask: every check will say so
            if refused:
                raise QualityError(f"{suite.path}: {refused[0]}.")

    def _check(self, suite: Suite, read: Read, absent: Absent, sizes: Mapping[str, int]) -> list[Check]:
        reasons = {each.name: _absence(suite, each, absent) for each in suite.expectations}
        asked = [each for each in suite.expectations if reasons[each.name] is None]
        answers: dict[str, dict[str, Any]] = {
            name: {"status": "not_applicable", "reason": reason} for name, reason in reasons.items() if reason
        }
        if asked:
            answers |= self._answers(suite, asked, read)
        return [_as_check(suite, each, answers[each.name], sizes.get(suite.of)) for each in suite.expectations]

    def _answers(self, suite: Suite, asked: list[Expectation], read: Read) -> dict[str, dict[str, Any]]:
        columns = list(dict.fromkeys([*suite.key, *(column for each in asked for column in each.columns)]))
        reason = self._gone
        if reason is None:
            try:
                frame = read(suite.table, columns)
                # Nobody promises an order to what a rule finds; its examples should be the same tomorrow.
                frame = frame.sort(*suite.key, nulls_last=True) if suite.name == RULES else frame
                results = self._ask(suite, asked, _as_ipc(frame))["results"]
                return {each.name: result for each, result in zip(asked, results, strict=True)}
            except (_NoAnswer, VitalError) as error:
                reason = str(error)
            except Exception as error:  # an unread table is an unanswered check; the message may quote a row
                reason = f"the table could not be read ({type(error).__name__})"
        return {each.name: {"status": "errored", "reason": reason} for each in asked}

    def _ask(self, suite: Suite, expectations: Iterable[Expectation], body: bytes) -> dict[str, Any]:
        """The child's reply to one request. _NoAnswer once it is gone, and from then on."""
        if self._gone:
            raise _NoAnswer(self._gone)
        listed = [{"name": e.name, "type": e.type, "kwargs": e.kwargs, "columns": e.columns} for e in expectations]
        request = json.dumps({"key": suite.key, "expectations": listed}).encode()
        late = threading.Timer(self.deadline, self._expire)
        late.daemon = True
        late.start()
        try:
            line = self._exchange(struct.pack(">QQ", len(request), len(body)), request, body)
        finally:
            late.cancel()
        reply: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
        if "results" not in reply and "refused" not in reply:
            self._gone = self._ending(reply)
            raise _NoAnswer(self._gone)
        return reply

    def _expire(self) -> None:
        self._expired = True
        self._child.kill()  # frees a blocked write as well as a blocked read

    def _exchange(self, *parts: bytes) -> bytes:
        assert self._child.stdin is not None and self._child.stdout is not None  # noqa: S101, PT018
        try:
            for part in parts:
                self._child.stdin.write(part)
            self._child.stdin.flush()
        except OSError:
            pass  # it is gone, but it may have left a last word
        return self._child.stdout.readline()

    def _ending(self, reply: dict[str, Any]) -> str:
        self._child.kill()
        code = self._child.wait()
        if self._expired:
            return f"the quality process gave no answer within {self.deadline:g} s"
        if "ended" in reply:
            return f"the quality process ended with {reply['ended']}"
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"the quality process ended before it answered ({how})"


def _absence(suite: Suite, expectation: Expectation, absent: Absent) -> str | None:
    """Why the source cannot answer this expectation; a table without the columns that name its rows answers none."""
    read = [(suite.table, column) for column in (None, *suite.key, *expectation.columns)]
    for need in suite.needs:
        table, _, column = need.partition(".")
        read += [(f"raw.{table}", None), (f"raw.{table}", column)]
    return next((_told(suite, lacking, absent[lacking]) for lacking in read if lacking in absent), None)


def _told(suite: Suite, lacking: tuple[str, str | None], reason: str) -> str:
    """The reason as it stands on the table's own suite; a rule reads several tables, so there it has to say which."""
    return f"{'.'.join(filter(None, lacking)).removeprefix('raw.')}: {reason}" if suite.needs else reason


def _as_ipc(frame: polars.DataFrame | pyarrow.Table) -> bytes:
    """The frame as an Arrow stream of plain types.

    Decimals become floats here, because polars rounds them correctly (equal texts are equal numbers up to 15 digits)
    where Arrow's own cast is one bit off for a quarter of all scores. A NaN becomes infinity: pandas takes NaN for a
    missing value, and a missing value passes every check.
    """
    import polars as pl
    from polars import selectors as cs

    table = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(pl.from_arrow(frame))
    table = table.with_columns(cs.float().fill_nan(float("inf")), cs.decimal().cast(pl.Float64))
    buffer = io.BytesIO()
    table.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()


def _as_check(suite: Suite, expectation: Expectation, answer: dict[str, Any], size: int | None) -> Check:
    n_failed, n_total = answer.get("n_failed"), answer.get("n_total", size if "n_failed" in answer else None)
    return Check(
        suite=suite.name,
        table=suite.table,
        name=expectation.name,
        expectation=expectation.type,
        column=expectation.about,
        severity=expectation.severity,
        status=answer["status"],
        because=expectation.because,
        observed=answer.get("observed", _observed(suite, n_failed, n_total)),
        n_failed=n_failed,
        n_total=n_total,
        share=n_failed / n_total if n_total and n_failed is not None else None,
        examples=tuple(answer.get("examples", ())),
        seconds=answer.get("seconds"),
        reason=answer.get("reason"),
    )


def _observed(suite: Suite, n_failed: int | None, n_total: int | None) -> str | None:
    """What a rule saw, in words: "12 of 340 jobs"."""
    if n_failed is None:
        return None
    if n_total is None:
        return f"{n_failed:,} found"
    noun = suite.of.partition(" ")[0].rpartition(".")[2].removeprefix("jtbd_").replace("_", " ")
    return f"{n_failed:,} of {n_total:,} {noun}"
