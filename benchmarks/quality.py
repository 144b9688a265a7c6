"""All suites and rules over one tenant's snapshot, against the same questions in plain SQL; both must give the same counts."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.metrics import TENANT
from benchmarks.processes import measured
from vital_insights.checking import checks_of
from vital_insights.quality import QualityProcess
from vital_insights.quality.suites import NO_ROWS, Expectation
from vital_insights.settings import Settings
from vital_insights.warehouse.audited import Audited

PART = 10 if os.environ.get("VITAL_BENCH_QUICK") == "1" else 1
SIZES = {100_000 // PART: 5, 1_000_000 // PART: 3}  # outcomes and runs; a tenth as many jobs
STARTS = 5


def rows(_: str, folder: Path) -> Iterator[tuple[str, ...]]:
    """What a process costs before it answers at all, then all checks by number of outcomes, without that start."""
    begun = [(_seconds("start"), _seconds("python")) for _ in range(STARTS)]
    yield _row("starting Great Expectations", "", begun, "starting Python", "")
    for outcomes, runs in SIZES.items():
        place = folder / str(outcomes)
        subprocess.run([sys.executable, "-m", "benchmarks.large", str(place), str(outcomes)], check=True, timeout=1800)
        # A B A B: the machine's speed drifts, the ratio of neighbours does not.
        pairs = [
            (measured("benchmarks.quality", "ours", place), measured("benchmarks.quality", "plain", place))
            for _ in range(runs)
        ]
        if any(ours["counts"] != plain["counts"] for ours, plain in pairs):
            raise SystemExit("The suites and the plain SQL do not count the same rows.")
        memory = f"{max(ours['megabytes'] for ours, _ in pairs):.0f} MB"
        seconds = [(ours["seconds"], plain["seconds"]) for ours, plain in pairs]
        yield _row(f"{len(pairs[0][0]['counts'])} checks", f"{outcomes:,}", seconds, "the same in plain SQL", memory)


def _row(what: str, n: str, pairs: list[tuple[float, float]], against: str, memory: str) -> tuple[str, ...]:
    ratios = [ours / theirs for ours, theirs in pairs]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    span = f"{min(ratios):.1f}-{max(ratios):.1f}"
    return what, n, f"{ours:.2f} s", f"{against}, {theirs:.2f} s", f"{statistics.median(ratios):.1f}", span, memory


def _seconds(what: str) -> float:
    started = time.perf_counter()
    if what == "start":
        with QualityProcess() as process:
            process.refuse_nonsense(checks_of(Settings())[0][:1])
            return time.perf_counter() - started
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - started


def _ours(path: Path) -> tuple[float, dict[str, int]]:
    suites, rules = checks_of(Settings())
    with QualityProcess() as process:
        process.refuse_nonsense(suites[:1])  # the import is told apart
        started = (
            time.perf_counter()
        )  # opening and verifying the snapshot counts against us: the rules are computed in it
        audited = Audited(path, TENANT, rules)
        verdict = process.check(suites, audited.columns, {}, audited.sizes(rules))
        seconds = time.perf_counter() - started
        audited.close()
    if verdict.errored:
        raise SystemExit(f"{verdict.errored[0].name}: {verdict.errored[0].reason}")
    return seconds, {
        check.name: int(check.status == "failed") if check.n_failed is None else check.n_failed for check in verdict
    }


def _plain(path: Path) -> tuple[float, dict[str, int]]:
    suites, rules = checks_of(Settings())
    by_table = {rule.table: rule for rule in rules}
    audited, counts = Audited(path, TENANT, []), {}
    started = time.perf_counter()
    for suite in suites:
        source = f"({by_table[suite.table].sql})" if suite.table in by_table else f"snapshot.{suite.table}"
        for each in suite.expectations:
            counts[each.name] = int(audited.frame(_in_sql(each, source)).item())
    return time.perf_counter() - started, counts


def _in_sql(each: Expectation, table: str) -> str:
    """How many rows fail, as anybody would ask it; of a row count whether it fails."""
    asked = each.kwargs
    condition = (
        (asked.get("row_condition") or {}).get("pass_through_filter", "true").replace("==", "=").replace('"', "'")
    )
    least, most = asked.get("min_value"), asked.get("max_value")
    failing = {
        "expect_column_values_to_not_be_null": "{column} is null",
        "expect_column_values_to_be_null": "{column} is not null",
        "expect_column_values_to_be_in_set": f"{{column}} not in ({', '.join(map(_literal, asked.get('value_set', ())))})",
        "expect_column_values_to_match_regex": f"not regexp_matches({{column}}, {_literal(asked.get('regex', ''))})",
        "expect_column_pair_values_a_to_be_greater_than_b": "not ({column_A} >= {column_B})",
        "expect_column_values_to_be_between": " or ".join(
            f"{{column}} {sign}{'=' * bool(asked.get(strict))} {bound}"
            for bound, sign, strict in ((least, "<", "strict_min"), (most, ">", "strict_max"))
            if bound is not None
        ),
    }  # fmt: skip
    if each.type == NO_ROWS:
        return f"select count(*) from {table}"
    if each.type == "expect_table_row_count_to_be_between":
        return f"select cast(count(*) < {least} as integer) from {table}"
    if each.type in failing:
        return f"select count(*) from {table} where ({condition}) and ({failing[each.type].format(**asked)})"
    columns = ", ".join(asked.get("column_list", [asked.get("column")]))
    told = ", ".join(f"{column.strip()}::varchar" for column in columns.split(","))
    repeated = f"select count(*) as n from {table} where coalesce({told}) is not null group by {columns}"
    return f"select coalesce(sum(n), 0) from ({repeated} having count(*) > 1)"


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


if __name__ == "__main__":
    what, place = sys.argv[1], Path(sys.argv[2])
    (path,) = place.glob("snapshot-*.duckdb")
    seconds, counts = (_ours if what == "ours" else _plain)(path)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, "counts": counts}))
