"""The process that holds Great Expectations: suites and frames come in on stdin, one line of JSON a request goes out.

Run by `QualityProcess` as `python -m vital_insights.quality.child`. It writes no file and keeps no frame.
What leaves it: counts, keys of rows and names of exception types. Never an exception's message, which may quote a row.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import struct
import sys
import time
import warnings
from numbers import Real
from typing import IO, TYPE_CHECKING, Any

from vital_insights.errors import nearest
from vital_insights.quality.suites import NO_ROWS
from vital_insights.quality.verdict import EXAMPLES

if TYPE_CHECKING:
    import pandas as pd

PR_SET_PDEATHSIG = 1
# The frame holds only the columns a suite needs, so these would judge a table that does not exist.
WHOLE_TABLE = {
    "expect_column_to_exist", "expect_table_column_count_to_be_between", "expect_table_column_count_to_equal",
    "expect_table_columns_to_match_ordered_list", "expect_table_columns_to_match_set",
    "expect_table_row_count_to_equal_other_table", "expect_query_results_to_match_comparison",
    "unexpected_rows_expectation",
}  # fmt: skip
ROWS_BETWEEN = "expect_table_row_count_to_be_between"
RESULTS = {"result_format": "SUMMARY", "partial_unexpected_count": EXAMPLES, "exclude_unexpected_values": True}


class Engine:
    """Great Expectations, imported and kept quiet."""

    def __init__(self) -> None:
        import great_expectations as gx
        from great_expectations.expectations import expectation, registry

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
        self.batches = asset.add_batch_definition_whole_dataframe("whole")
        self.known = set(registry.list_registered_expectation_implementations()) - WHOLE_TABLE
        self.implementation = registry.get_expectation_impl
        self.suite = gx.ExpectationSuite
        self.by_row = (
            expectation.ColumnMapExpectation,
            expectation.ColumnPairMapExpectation,
            expectation.MulticolumnMapExpectation,
        )

    def refusal(self, expectation: dict[str, Any]) -> str | None:
        """Why this expectation cannot be run, or None. Great Expectations itself drops an unknown type in silence."""
        kind = expectation["type"]
        if kind in WHOLE_TABLE:
            return f"'{kind}' needs a whole table or SQL, and a check gets only the columns it names"
        if kind not in self.known:
            return f"there is no expectation '{kind}'; {nearest(kind, self.known)}"
        fields = set(self.implementation(kind).__fields__)
        unknown = [name for name in expectation["kwargs"] if name not in fields]
        if unknown:
            return f"'{kind}' has no setting '{unknown[0]}'; {nearest(unknown[0], fields)}"
        try:
            self.build(expectation)
        except Exception as error:  # every way to be wrong is a refusal; it speaks of the suite, not of rows
            return f"'{kind}' does not accept these settings: {str(error).splitlines()[-1].strip()}"
        return None

    def build(self, expectation: dict[str, Any], **more: Any) -> Any:
        """Great Expectations' own object for one expectation."""
        return self.implementation(expectation["type"])(**expectation["kwargs"], **more)

    def run(self, expectations: list[dict[str, Any]], key: list[str], frame: pd.DataFrame) -> list[dict[str, Any]]:
        """How each expectation went: status, observed, n_failed, n_total, examples, seconds, reason."""
        held = [each for each in expectations if set(each["columns"]) <= set(frame.columns)]
        quick = self.passed(held, frame)
        return [quick.get(each["name"]) or self.one(each, key, frame) for each in expectations]

    def passed(self, expectations: list[dict[str, Any]], frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
        """The answers of those that pass without a single row against them, by name.

        Asked all at once and for yes or no only, which costs Great Expectations a third: most checks of most
        snapshots pass. Whatever does not, or may pass with rows against it, is asked alone and in full.
        """
        started = time.perf_counter()
        asked = [each for each in expectations if each["type"] == ROWS_BETWEEN or self.is_by_row(each)]
        if not asked:
            return {}
        wanted = list(dict.fromkeys(column for each in asked for column in each["columns"]))
        try:
            batch = self.batches.get_batch(batch_parameters={"dataframe": frame[wanted]})
            built = [self.build(each, meta={"name": each["name"]}) for each in asked]
            found = batch.validate(self.suite(name="passed", expectations=built), result_format="BOOLEAN_ONLY").results
        except Exception:  # one of them breaks the whole: asked alone, each says so itself
            return {}
        names = [each.expectation_config.meta["name"] for each in found if each.success]
        share = (time.perf_counter() - started) / len(asked)
        by_row = {"observed": f"0 of {len(frame):,} rows", "n_failed": 0, "n_total": len(frame), "examples": []}
        of_table = {"observed": f"{len(frame):,}"}
        told = {each["name"]: of_table if each["type"] == ROWS_BETWEEN else by_row for each in asked}
        return {name: {"status": "passed", "seconds": share, **told[name]} for name in names}

    def is_by_row(self, expectation: dict[str, Any]) -> bool:
        """Whether it judges row by row and passes only where every row does."""
        kind = self.implementation(expectation["type"])
        return issubclass(kind, self.by_row) and expectation["kwargs"].get("mostly", 1) == 1

    def one(self, expectation: dict[str, Any], key: list[str], frame: pd.DataFrame) -> dict[str, Any]:
        """How one expectation went, with the rows that fail it."""
        started = time.perf_counter()
        missing = [name for name in expectation["columns"] if name not in frame.columns]
        if missing:
            return _errored(f"the table has no column {', '.join(missing)}", started)
        try:
            # Great Expectations hashes every cell of a batch: own columns only make 16 checks of 1M rows 10 s, not 50.
            own = frame[expectation["columns"]]
            batch = self.batches.get_batch(batch_parameters={"dataframe": own})
            answer = batch.validate(self.build(expectation), result_format=RESULTS)
        except Exception as error:  # whatever went wrong, the answer is "errored" and the name of its type
            return _errored(type(error).__name__, started)
        raised = exception_name(answer.exception_info)
        if raised:
            return _errored(raised, started)
        found = {"status": "passed" if answer.success else "failed", "seconds": time.perf_counter() - started}
        if (expectation["type"], expectation["kwargs"].get("value")) == (NO_ROWS, 0):
            return {**found, "n_failed": len(frame), "examples": _examples(frame[key].head(EXAMPLES))}
        return {**found, **_counts(answer.result, key, frame)}


def _counts(result: dict[str, Any], key: list[str], frame: pd.DataFrame) -> dict[str, Any]:
    n_failed, observed = result.get("unexpected_count"), result.get("observed_value")
    if n_failed is None:
        # A list or a text would be what rows hold: only numbers are fit to be repeated.
        return {"observed": f"{observed:,.10g}" if isinstance(observed, Real) else None}
    return {
        "observed": f"{n_failed:,} of {len(frame):,} rows",
        "n_failed": int(n_failed),
        "n_total": len(frame),
        "examples": _examples(frame[key].take(result.get("partial_unexpected_index_list") or [])),
    }


def _examples(keys: pd.DataFrame) -> list[str]:
    rows = keys.itertuples(index=False)
    told = [" / ".join("NULL" if part != part or part is None else str(part) for part in row) for row in rows]  # noqa: PLR0124
    return [example[:120] for example in told]


def _errored(reason: str, started: float) -> dict[str, Any]:
    return {"status": "errored", "reason": reason, "seconds": time.perf_counter() - started}


def exception_name(info: dict[str, Any]) -> str | None:
    """The type of the exception that an answer carries, at its top or below the id of a metric; None without one."""
    found = [info] if "raised_exception" in info else list(info.values())
    for each in found:
        if each.get("raised_exception"):
            heads = [
                line.split(":")[0].rpartition(".")[2]
                for line in each["exception_traceback"].splitlines()
                if line[:1] != " "
            ]
            types = _exception_names(
                BaseException
            )  # a message can run over lines: only names of real types are let out
            return next((head for head in reversed(heads) if head in types), "Exception")
    return None


def _exception_names(kind: type[BaseException]) -> set[str]:
    return {kind.__name__}.union(*(_exception_names(each) for each in type.__subclasses__(kind)))


def answer(engine: Engine, suite: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The reply to one request: without a frame what is wrong with the suite, with one the results in its order."""
    import pyarrow as pa

    if not body:
        refusals = ((each["name"], engine.refusal(each)) for each in suite["expectations"])
        return {"refused": [f"{name}: {why}" for name, why in refusals if why]}
    frame = pa.ipc.open_stream(pa.BufferReader(body)).read_all().to_pandas()
    return {"results": engine.run(suite["expectations"], suite["key"], frame)}


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer until stdin ends, which it does when the parent is gone."""
    engine = Engine()
    while len(sizes := requests.read(16)) == 16:
        suite_size, body_size = struct.unpack(">QQ", sizes)
        suite, body = json.loads(requests.read(suite_size)), requests.read(body_size)
        replies.write(json.dumps(answer(engine, suite, body)).encode() + b"\n")
        replies.flush()


def main() -> None:
    """Serve the parent on the real stdin and stdout; nothing else can reach either."""
    if sys.platform == "linux":
        # An end of stdin is only seen between two requests; this also ends a long one. (The kernel watches the thread
        # that started us, which is the one inside `with QualityProcess()`.)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # libraries print, and what they print may quote rows
        os.dup2(silence, stream)
    warnings.simplefilter("ignore")
    try:
        serve(requests, replies)
    except BaseException as error:  # the last word of this process: the name of what ended it
        replies.write(json.dumps({"ended": type(error).__name__}).encode() + b"\n")
        replies.flush()
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
