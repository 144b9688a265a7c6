"""However the quality process or its parent ends, no check passes by silence and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from vital_insights.quality import QualityProcess, load

CANARY = "canary-7f3a-Erika-Mustermann"
SUITES = [suite for suite in load() if suite.name in ("capabilities", "domains", "industries")]
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def reading(table, columns):
    return pl.DataFrame({name: [f"{name} {row}" for row in range(3)] for name in columns})


def test_a_child_that_dies_in_the_middle_leaves_errors_and_never_passes():
    with QualityProcess(deadline=120) as process:

        def read(table, columns):
            if table == "raw.domains":
                os.kill(process.pid, signal.SIGKILL)
            return reading(table, columns)

        verdict = process.check(SUITES, read)
        assert {(c.suite, c.status) for c in verdict} == {
            ("capabilities", "passed"), ("domains", "errored"), ("industries", "errored"),
        }  # fmt: skip
        assert {check.reason for check in verdict.errored} == {"the quality process ended before it answered (SIGKILL)"}
        assert not verdict.publishable
        assert {check.status for check in process.check(SUITES, read)} == {"errored"}


def test_a_child_that_does_not_answer_in_time_is_given_up():
    started = time.monotonic()
    with QualityProcess(deadline=0.2) as process:  # the import alone takes seconds
        verdict = process.check(SUITES, reading)
    assert {check.reason for check in verdict} == {"the quality process gave no answer within 0.2 s"}
    assert time.monotonic() - started < 10


def test_a_child_that_stops_reading_in_the_middle_of_a_frame_is_given_up():
    big = reading("", ["id", "name", "code"])
    big = pl.concat([big] * 200_000)  # more than a pipe holds, so the parent is blocked in a write
    with QualityProcess(deadline=120) as process:
        assert process.check(SUITES[:1], reading).publishable
        process.deadline = 0.5
        answered = []

        def read(table, columns):
            os.kill(process.pid, signal.SIGSTOP)
            answered.append(table)
            return big.select(columns)

        verdict = process.check(SUITES[:2], read)
    assert {check.reason for check in verdict} == {"the quality process gave no answer within 0.5 s"}
    assert answered == ["raw.capabilities"]


def test_a_child_that_cannot_start_its_engine_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "great_expectations.py").write_text(f"raise ImportError({CANARY!r})")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with QualityProcess(deadline=60) as process:
        verdict = process.check(SUITES, reading)
    assert {check.reason for check in verdict} == {"the quality process ended with ImportError"}


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_dying_parent_leaves_no_orphan(how):
    code = "import time, vital_insights.quality as q; print(q.QualityProcess().pid, flush=True); time.sleep(99)"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    with parent:
        child = int(parent.stdout.readline())
        patience = time.monotonic() + 120
        files = Path(f"/proc/{child}/fd")
        while (files / "1").readlink() != (files / "2").readlink():  # until it runs our own lines
            assert time.monotonic() < patience
            time.sleep(0.02)
        assert running(child)
        parent.send_signal(how)
        parent.wait()
        left = time.monotonic()
        while running(child):  # in the midst of an import of seconds, so the end of stdin is not what ends it
            assert time.monotonic() < left + 3
            time.sleep(0.02)


@pytest.mark.parametrize("stopped", [False, True])
def test_leaving_the_block_ends_the_child(stopped):
    with QualityProcess() as process:
        pid = process.pid
        if stopped:
            os.kill(pid, signal.SIGSTOP)  # as deaf as a process can be
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
