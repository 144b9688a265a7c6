"""HALLWAY: many tenants refreshed side by side, each by a process; what one of them does to its process harms no other."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from vital_insights.errors import VitalError
from vital_insights.tenancy import Tenant

if TYPE_CHECKING:
    from vital_insights.pipeline import Refreshed

GRACE = 5  # seconds a process has to end by itself


@dataclass(frozen=True)
class Done:
    """What came of one tenant: `rows` of the source, in `seconds`; `said` in a sentence, `next_step` where there is one."""

    tenant: str
    id: str
    result: Literal["published", "refused", "failed"]
    rows: int | None
    seconds: float
    said: str
    next_step: str | None
    exit_code: int


def refresh_all(
    tenants: Iterable[Tenant], *, jobs: int = 2, publish_anyway: bool = False
) -> Generator[Done, None, None]:
    """Refresh these tenants, `jobs` at a time, and give what came of each as soon as it is known; none stops the others.

    Each process reads the settings as this one does and serves one tenant after the other, so that the checks are loaded once
    a process. A process that dies fails its tenant and is replaced. Closing the iterator ends all processes; what they had
    not published is not there, and the next refresh clears it away.
    """
    waiting: queue.SimpleQueue[Tenant] = queue.SimpleQueue()
    wanted = list(tenants)
    for tenant in wanted:
        waiting.put(tenant)
    done: queue.SimpleQueue[Done] = queue.SimpleQueue()
    lanes = [_Lane(waiting, done, publish_anyway) for _ in range(min(jobs, len(wanted)))]
    try:
        for lane in lanes:
            lane.start()
        for _ in wanted:
            yield done.get()
    finally:
        for lane in lanes:
            lane.stop()
        for lane in lanes:
            lane.join(GRACE)
            lane.kill()
            lane.join()


class _Lane(threading.Thread):
    """One process at a time, and the tenants that it is handed."""

    def __init__(self, waiting: queue.SimpleQueue[Tenant], done: queue.SimpleQueue[Done], publish_anyway: bool) -> None:
        super().__init__(daemon=True)
        self._waiting, self._done, self._publish_anyway = waiting, done, publish_anyway
        self._child: subprocess.Popen[str] | None = None
        self._lock, self._stopped = threading.Lock(), False

    def run(self) -> None:
        while not self._stopped:
            try:
                tenant = self._waiting.get_nowait()
            except queue.Empty:
                break
            self._done.put(self._refresh(tenant))
        self._end()

    def stop(self) -> None:
        """End the process now, whatever it is doing."""
        with self._lock:
            self._stopped = True
            if self._child is not None:
                self._child.terminate()

    def kill(self) -> None:
        """End a process that was told to end and did not."""
        with self._lock:
            if self._child is not None:
                self._child.kill()

    def _refresh(self, tenant: Tenant) -> Done:
        started = time.monotonic()
        line = ""
        try:
            child = self._running()
            if child is not None and child.stdin is not None and child.stdout is not None:
                child.stdin.write(f"{tenant.id}\n")
                child.stdin.flush()
                line = child.stdout.readline()
        except OSError:
            pass  # it is gone or could not be started; how is told below
        seconds = time.monotonic() - started
        with contextlib.suppress(ValueError):  # half a line, or none of ours
            return Done(**{**json.loads(line), "tenant": tenant.slug, "id": str(tenant.id), "seconds": seconds})
        how = self._end()
        said, again = f"The process that refreshed it ended ({how}).", f"vital-insights refresh {tenant.slug}"
        return Done(tenant.slug, str(tenant.id), "failed", None, seconds, said, again, VitalError.exit_code)

    def _running(self) -> subprocess.Popen[str] | None:
        """The process, started where there is none; None once this is stopped."""
        with self._lock:
            if self._child is None and not self._stopped:
                self._child = subprocess.Popen(  # noqa: S603  our own module
                    [sys.executable, "-P", "-m", __name__, *(["--publish-anyway"] if self._publish_anyway else [])],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,  # what libraries print may quote rows
                    text=True,
                    start_new_session=True,  # Ctrl-C reaches us only, and we end it in order
                )
            return self._child

    def _end(self) -> str:
        """Let the process go, and say how it ended."""
        with self._lock:
            child, self._child = self._child, None
        if child is None:
            return "it was not started"
        if child.stdin is not None:
            with contextlib.suppress(OSError):  # what could not be written to it is tried again
                child.stdin.close()  # it ends when nobody asks any more
        try:
            code = child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait()
        if child.stdout is not None:
            child.stdout.close()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def told(done: Refreshed) -> Done:
    """A refresh that came to its end, as a row of the summary."""
    tenant = done.tenant
    refused = VitalError.exit_code if done.verdict.errored else 1
    return Done(
        tenant.slug, str(tenant.id), "published" if done.published else "refused", done.rows, done.seconds,
        done.verdict.summary(), None if done.published else f"vital-insights check {tenant.slug}",
        0 if done.published else refused,
    )  # fmt: skip


def _serve(*, publish_anyway: bool) -> None:
    """The other side: an id a line in, an answer a line out, until nobody asks any more."""
    from vital_insights.quality import QualityProcess

    # Libraries print where they like; from here on that goes where errors go, and only answers go down the pipe.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with answers, QualityProcess() as checks:
        for line in sys.stdin:
            answer = _one(line.strip(), publish_anyway=publish_anyway, checks=checks)
            answers.write(f"{json.dumps(answer)}\n")
            answers.flush()


def _one(tenant: str, **options: Any) -> dict[str, Any]:
    from vital_insights import pipeline

    try:
        return asdict(told(pipeline.refresh(tenant, **options)))
    except VitalError as error:
        said, _, hint = str(error).partition("\n\nHint: ")
        return _failed(said, hint or None, error.exit_code)
    except Exception as error:  # told by its type alone: the text may quote a row
        again = f"vital-insights --debug refresh {tenant}"
        return _failed(f"Something unforeseen happened ({type(error).__name__}).", again, VitalError.exit_code)


def _failed(said: str, next_step: str | None, exit_code: int) -> dict[str, Any]:
    return {"result": "failed", "rows": None, "said": said, "next_step": next_step, "exit_code": exit_code}


if __name__ == "__main__":
    _serve(publish_anyway="--publish-anyway" in sys.argv)
