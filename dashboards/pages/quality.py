"""Whether the numbers can be trusted: what failed and in which rows, what could not run or did not apply, what was left out."""

import re

import downloads
import filters
import leads
import pictures
import polars as pl
import session
import streamlit as st
import words
from choices import choose
from style import cells, text

from vital_insights.charts import check_history
from vital_insights.insights import SEVERITIES, Check

PAGE = {"title": "Data quality", "icon": ":material/fact_check:", "place": 9, "group": "Can I trust it"}

LISTED, HISTORY, DRAWN = 500, 12, 6
RESULTS = {
    "": "All results",
    "failed": "Failed",
    "errored": "Could not run",
    "passed": "Passed",
    "not_applicable": "Did not apply",
}
SAID = RESULTS | {"passed": "passed", "failed": "failed", "errored": "could not run", "not_applicable": "did not apply"}
CHANGES = {"new": "new", "failing": "still failing", "gone": "no longer asked", "fixed": "fixed"}
FINDINGS = {
    "dangling": "references to rows that are not there", "cross_tenant_reference": "references to rows of another tenant",
    "unshared_reference": "references to rows that are not shared with this tenant", "deleted": "rows marked as deleted",
    "withheld_reference": "references to rows that are withheld", "unverifiable_reference": "references to rows that cannot be seen",
    "withheld": "rows withheld as personal health data", "missing_table": "tables that the source lacks",
    "missing_column": "columns that the source lacks", "retyped_column": "columns of another type than documented",
    "unscopable": "tables that do not say whose their rows are", "second_name": "tables that are there under both of their names",
    "free_text": "kinds that are no word of a list, counted together", "undated": "entries without a date that can be read",
}  # fmt: skip
DONE = {"set to NULL": "became unknown"}
AUDIT = re.compile(r"audit\.[a-z_]+")
state = st.session_state


def spoken(name: str) -> str:
    """A name of the machine in words: `jobs_to_be_done.complexity_known` is `complexity known`."""
    return name.rpartition(".")[2].replace("_", " ")


def of_rows(check: Check) -> str:
    """`12 of 340 rows, 4%`, or what the check saw where it does not count rows."""
    if check.n_failed is None:
        return check.observed or ""
    if not check.n_total:
        return check.observed or f"{check.n_failed:,} found"
    noun = (check.observed or "").rpartition(f"of {check.n_total:,} ")[2] or "rows"
    share = f", {words.share(check.n_failed, check.n_total)}" if check.n_failed else ""
    return f"{check.n_failed:,} of {check.n_total:,} {noun}{share}"


def finding() -> str:
    failed, by_severity = verdict.by_status["failed"], verdict.failed_by_severity
    if not len(verdict):
        return "This snapshot was never checked"
    if not failed and not verdict.errored:
        return f"All {verdict.by_status['passed']:,} data checks passed"
    critical = f"{by_severity['critical']:,} of them critical" if by_severity["critical"] else "none of them critical"
    told = f"{failed:,} of {words.counted(len(verdict), 'data check')} failed" + (f", {critical}" if failed else "")
    return told + (f"; {len(verdict.errored):,} could not run" if verdict.errored else "")


def chosen() -> list[Check]:
    """The checks of the chosen severity, table, result and words: what failed first, the gravest first."""
    with st.container(key="check_filters", horizontal=True):
        severity = choose("severity", "Severity", {"": "All severities"} | {word: word.capitalize() for word in SEVERITIES}, st.selectbox,
                          width=170)  # fmt: skip
        about = {"": "All tables"} | {suite: spoken(suite) for suite in sorted({check.suite for check in verdict})}
        suite = choose("suite", "Table", about, st.selectbox, width=240)
        result = choose("result", "Result", RESULTS, st.selectbox, width=170)
        wanted = st.text_input("Search checks", key="pick_find", value=None, placeholder="Search checks", label_visibility="collapsed",
                               icon=":material/search:", max_chars=200, width=230)  # fmt: skip
    lowered = (wanted or "").strip().lower()
    found = [
        check for check in verdict
        if severity in ("", check.severity) and suite in ("", check.suite) and result in ("", check.status)
        and lowered in f"{check.name} {spoken(check.name)} {check.because} {check.reason or ''}".lower()
    ]  # fmt: skip
    order = ("failed", "errored", "passed", "not_applicable")
    return sorted(found, key=lambda check: (order.index(check.status), check.gravity))


def picked() -> None:
    rows = state["checks"]["selection"]["rows"]
    state["check"] = state["listed"][rows[0]] if rows else ""


def listing(checks: list[Check]) -> None:
    state["listed"] = [check.name for check in checks]
    frame = pl.DataFrame(
        [{"Result": SAID[check.status], "Severity": check.severity, "Table": spoken(check.suite), "Check": spoken(check.name),
          "Rows": of_rows(check)} for check in checks]
    )  # fmt: skip
    st.html(
        f'<div class="vi muted">{words.counted(len(checks), "check")} of {len(verdict):,}, what failed first. Tick one to open it.</div>'
    )
    widths = {"Result": 64, "Severity": 70, "Table": 160, "Check": 190, "Rows": 200}
    st.dataframe(cells(frame), key="checks", on_select=picked, selection_mode="single-row", hide_index=True, height=528,
                 column_config={name: st.column_config.Column(width=width) for name, width in widths.items()},
                 alt="Data checks, what failed first")  # fmt: skip
    downloads.table(verdict.frame().with_columns(pl.col("examples").list.join(", ")), "data-checks")


def card(check: Check) -> None:
    """One check: why it matters, how many rows it looked at, and the rows that failed."""
    tone = {"failed": check.severity, "errored": "errored", "passed": "ok"}.get(check.status, "muted")
    facts = {
        "Why": text(check.because),
        "Table": f"{text(spoken(check.table))}" + (f", {text(spoken(check.column))}" if check.column else ""),
    }
    if check.n_failed is not None or check.observed:
        facts["Rows examined"] = text(of_rows(check))
    if check.reason:
        facts["Reason"] = text(check.reason)
    if check.examples:
        more = f' <span class="muted">and {check.n_failed - len(check.examples):,} more</span>' if (check.n_failed or 0) > len(
            check.examples) else ""  # fmt: skip
        facts["Rows that failed"] = "".join(f'<span class="chip">{text(key)}</span>' for key in check.examples) + more
    details = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())
    with st.container(border=True):
        st.html(f'<div class="vi"><h2 class="name">{text(spoken(check.name).capitalize())}</h2>'
                f'<p><span class="{tone}">{SAID[check.status]}</span> · {check.severity}</p><dl>{details}</dl></div>')  # fmt: skip
        if check.status == "failed" and AUDIT.fullmatch(check.table):
            found = data.sql(f"select * from {check.table}")  # noqa: S608 - the pattern admits only a name
            shown = cells(found.head(LISTED)).rename({name: spoken(name).capitalize() for name in found.columns})
            st.dataframe(shown, key="audit_rows", hide_index=True, height=min(388, 36 * (shown.height + 1)),
                         alt="The rows that break this rule")  # fmt: skip
            if found.height > LISTED:
                st.html(f'<div class="vi muted">The first {LISTED:,} of {found.height:,}; the files hold all.</div>')
            downloads.table(found, "failing-rows")
        words.lead("quality", "Link to this check", check=check.name)


def history() -> None:
    st.header("Since the builds before", anchor=False)
    told = data.history()
    if len(data.snapshots()) < 2:
        st.html(
            '<div class="vi muted">This is the only snapshot; the next refresh shows what is new, still failing and fixed.</div>'
        )
        return
    if not told.height and not by_name:
        st.html('<div class="vi muted">This snapshot was never checked.</div>')
        return
    if not told.height:
        st.html('<div class="vi"><span class="ok">Nothing fails</span>, and nothing failed in the build before.</div>')
        return
    counts = "".join(
        f'<span class="chip">{said}: {told.filter(change=change).height:,}</span>' for change, said in CHANGES.items()
    )
    order = {change: place for place, change in enumerate(CHANGES)}
    told = told.sort(pl.col("change").replace_strict(order, return_dtype=pl.Int64), maintain_order=True)
    rows = told.head(HISTORY).to_dicts()
    st.html(f'<div class="vi">{counts}</div>')
    figure = check_history(told, data.insights.snapshot.taken_at, number=DRAWN)
    pictures.draw(figure, "check_history",
                  alt="Since when checks fail; the list below says the same")  # fmt: skip
    downloads.figure(figure, "check-history")
    items = ""
    for row in rows:
        tone = "ok" if row["change"] == "fixed" else row["severity"] if row["change"] == "new" else "muted"
        n, before = (
            "unknown" if value is None else f"{value:,}" for value in (row["n_failed"], row["n_failed_before"])
        )
        figures = f"{before} → {n} failing" if row["n_failed"] != row["n_failed_before"] else f"{n} failing, as before"
        name = f"{spoken(row['suite'])}: {spoken(row['name'])}"
        opens = leads.link("quality", "see it", check=row["name"]) if row["name"] in by_name else ""
        since = f"since {words.instant(row['since']).rpartition(' ')[0]} UTC"
        items += (f'<li><span class="{tone}">{CHANGES[row["change"]]}</span><span>{text(name)}<br>'
                  f'<span class="muted">{since} · {figures}</span> {opens}</span></li>')  # fmt: skip
    more = (
        f'<p class="muted">The first {len(rows)} of {told.height:,}; the files hold all.</p>'
        if told.height > len(rows)
        else ""
    )
    st.html(f'<div class="vi"><ul>{items}</ul>{more}</div>')
    downloads.table(told, "check-history")


def unanswered() -> None:
    st.header("What could not run or did not apply", anchor=False)
    if not by_name:
        st.html('<div class="vi muted">No check ran, so there is no answer at all.</div>')
        return
    groups: dict[tuple[str, str], list[Check]] = {}
    for check in verdict:
        if check.status in ("errored", "not_applicable"):
            groups.setdefault((check.status, check.reason or "no reason was recorded"), []).append(check)
    if not groups:
        st.html('<div class="vi"><span class="ok">None.</span> Every check ran and gave an answer.</div>')
        return
    items = ""
    for (status, reason), checks in sorted(groups.items(), key=lambda each: (each[0][0], -len(each[1]), each[0][1])):
        tone = "errored" if status == "errored" else "muted"
        about = ", ".join(sorted({spoken(check.suite) for check in checks}))
        items += (f'<li><span class="{tone}">{SAID[status]}</span><span><b>{words.counted(len(checks), "check")}</b>: {text(reason)}<br>'
                  f'<span class="muted">{text(about)}</span></span></li>')  # fmt: skip
    st.html(f'<div class="vi"><ul>{items}</ul></div>')


def source() -> None:
    st.header("What the source sent that could not be used", anchor=False)
    rejects = data.sql(
        "select table_name, column_name, count(*) as n from raw.rejects "
        "group by table_name, column_name order by n desc, table_name, column_name"
    )
    found = data.sql(
        "select kind, table_name, column_name, detail, sum(n)::bigint as n from raw.findings "
        "group by kind, table_name, column_name, detail order by kind, n desc, table_name, column_name"
    )
    rule = next((name for name in by_name if name.endswith("rejected_values")), None) if rejects["n"].sum() else None
    opens = " " + leads.link("quality", "see them", check=rule) if rule else ""
    st.html(f'<div class="vi"><b>{words.counted(rejects["n"].sum(), "value")}</b> did not fit the type of the field and became unknown'
            f"{opens}; <b>{words.counted(found.height, 'finding')}</b> on tables and links.</div>")  # fmt: skip
    rows = [{"What": "values that do not fit their type", "Where": f"{spoken(r['table_name'])}: {spoken(r['column_name'])}",
             "Number": r["n"], "What was done": "became unknown"} for r in rejects.iter_rows(named=True)]  # fmt: skip
    rows += [{"What": FINDINGS.get(r["kind"], spoken(r["kind"])),
              "Where": spoken(r["table_name"]) + (f": {spoken(r['column_name'])}" if r["column_name"] else ""), "Number": r["n"],
              "What was done": DONE.get(r["detail"], r["detail"])} for r in found.iter_rows(named=True)]  # fmt: skip
    if not rows:
        return
    frame = pl.DataFrame(
        rows, schema={"What": pl.String, "Where": pl.String, "Number": pl.Int64, "What was done": pl.String}
    )
    widths = {"What": 190, "Where": 170, "Number": 70}
    st.dataframe(cells(frame), key="findings", hide_index=True, row_height=58, alt="What the source sent that could not be used",
                 column_config={name: st.column_config.Column(width=width) for name, width in widths.items()})  # fmt: skip
    downloads.table(frame, "source-findings")


view = session.current()
filters.carry("check", "severity", "suite", "result")
data, selection = view.data, view.selection
verdict = data.verdict()
by_name = {check.name: check for check in verdict}

words.title(finding())
if data.insights.snapshot.manifest.get("published_anyway"):
    st.error("This snapshot was published although critical checks failed or could not run. Somebody decided so; read every number "
             "with that in mind.", icon=":material/warning:")  # fmt: skip
if not view.shown.height:
    words.nothing_shown(data.metric("opportunity"), selection)
if selection.words:
    st.html('<div class="vi muted">Checks look at the whole snapshot; the filters above do not apply here.</div>')
if not by_name:
    st.info(
        f"No check ran when this snapshot was made. `vital-insights refresh {data.tenant.slug}` makes one that is checked."
    )
else:
    checks = chosen()
    asked = state["check"]
    opened = by_name.get(asked) or (checks[0] if checks else None)
    if asked and asked not in by_name:
        st.html(f'<div class="vi" role="status"><span class="warning">Not opened:</span> there is no check “{text(asked)}” in this '
                "snapshot.</div>")  # fmt: skip
    with st.container(key="wide"):
        left, right = st.columns([1.2, 1], gap="medium")
        with left:
            if checks:
                listing(checks)
            else:
                st.info("No check matches all of these. Choose another severity, table or result, or search for less.")
        with right:
            if opened:
                card(opened)
with st.container(key="wide_below"):
    left, right = st.columns(2, gap="medium")
    with left:
        with st.container(border=True):
            history()
        with st.container(border=True):
            unanswered()
    with right, st.container(border=True):
        source()
