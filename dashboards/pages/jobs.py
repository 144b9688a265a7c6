"""One job with all that is known of it: outcomes, people, measures, barriers, value, work; what is missing is said."""

from typing import Any

import downloads
import examined
import filters
import job_parts
import job_work
import leads
import lists
import pictures
import polars as pl
import session
import streamlit as st
import what_if
import words
from lists import item
from style import cut, text

from vital_insights.charts import kpi_bars, widest_gaps
from vital_insights.charts.wording import exact

PAGE = {"title": "Jobs", "icon": ":material/work:", "place": 4, "group": "Where to act"}

DRAWN = 8  # outcomes in the picture; the table lists them all
ROUTES = {"inherited": "through the role", "direct": "by a direct link", "both": "both ways"}
WORSE = {"critical": 0, "high": 1, "medium": 2, "low": 3}
CSS = """<style>
.vi.parts dl {grid-template-columns: 1fr auto}
.vi.parts dd {text-align: right; font-variant-numeric: tabular-nums}
</style>"""
state = st.session_state


def items(part: str, heading: str, rows: list[str], nothing: str) -> None:
    """A list of one part of the job, or why it is empty."""
    lists.items(heading, rows, nothing, lacking.get(part))


def choose_job(offered: list[str]) -> str | None:
    """Draw the picker; the id of the job that the address names, else of the first on offer; None for an unknown one."""
    by_code = {code: job_id for job_id, code in codes.items()}
    asked = state["job"]
    unknown = bool(asked) and asked not in by_code
    options = [codes[job_id] for job_id in offered]
    if asked in by_code and asked not in options:
        options.insert(0, asked)
    state["pick_job"] = None if unknown else asked or next(iter(options), None)

    def keep() -> None:
        state["job"] = state["pick_job"] or ""

    def named(code: str) -> str:
        job = jobs[by_code[code]]
        return f"{cut(job['job_name'] or 'without a name', 120)} · {code}" + ("" if job["is_live"] else " · retired")

    st.selectbox("Job", options, key="pick_job", format_func=named, placeholder="Choose a job", on_change=keep,
                 label_visibility="collapsed", index=None)  # fmt: skip
    if unknown:
        st.html(f'<div class="vi" role="status"><span class="warning">Not found:</span> the address asks for job “{text(asked)}”, '
                "which this tenant does not have. Choose one in the list above.</div>")  # fmt: skip
        return None
    return by_code.get(state["pick_job"])


def outcomes_of(rows: pl.DataFrame, job: dict[str, Any]) -> None:
    if not job["is_live"]:
        n = job_facts["n_outcomes"]
        how_many = "how many outcomes it has is unknown" if n is None else f"it has {words.counted(n, 'outcome')}"
        st.info(f"This job is {job['job_status'].strip()}, so it enters no score; {how_many}.")
        return
    if not rows.height:
        if "outcome" in lacking:
            st.info(f"Unknown: {lacking['outcome']}.")
        else:
            st.info("No outcome is written down for this job yet, so it has no opportunity score.")
        return
    scored = rows.filter(pl.col("band") != "UNSCORED")
    if scored.height:
        figure = widest_gaps(rows, number=DRAWN)
        pictures.draw(figure, "job_gaps",
                      alt="The outcomes of this job, each as a line from satisfaction to importance")  # fmt: skip
    said = f"The first {DRAWN} of {scored.height} by score. " if scored.height > DRAWN else ""
    without = rows.height - scored.height
    if without:
        said += f"{words.counted(without, 'outcome')} without a score: a rating is missing or invalid."
        names = "".join(item(name, "UNSCORED") for name in rows.filter(band="UNSCORED")["statement"])
        st.html(f'<div class="vi items"><p class="muted">{said}</p><ul>{names}</ul></div>')
    elif said:
        st.html(f'<div class="vi muted">{said}</div>')
    with st.container(horizontal=True, vertical_alignment="center"):
        # A code may be a part of another: then a search would list more than these.
        code = job["job_code"] or ""
        if 0 < len(code) <= filters.LENGTH and filters.Selection(search=code).of(outcomes, every).height == rows.height:
            listed = leads.link("outcomes", "List them with how sure they are", keep=False, search=code)
            st.html(f'<div class="vi lead">{listed}</div>', width="content")
        if scored.height:
            downloads.figure(figure, "job-outcomes")
        downloads.table(rows, "job-outcomes")


def people(job_id: str) -> None:
    names = data.table("roles").select("role_id", "role_name")
    roles = data.table("job_roles").filter(job_id=job_id).join(names, on="role_id", how="left")
    roles = roles.sort("is_primary", "relevance", "role_name", descending=[True, True, False], nulls_last=True)
    primary = {True: "primary", False: "", None: "primary or not: not stated"}
    shown = [
        item(row["role_name"] or "without a name", primary[row["is_primary"]]) for row in roles.iter_rows(named=True)
    ]
    left, right = st.columns(2, gap="medium")
    with left:
        items("role", "Roles", shown, "No role does this job: link it to one in the source.")
        if roles.height and roles["is_primary"].fill_null(value=False).sum() == 0:
            st.html('<div class="vi muted">None of them is marked as primary.</div>')
    names = data.table("personas").select("persona_id", "persona_name", "persona_code")
    personas = data.table("persona_jobs").filter(job_id=job_id).join(names, on="persona_id", how="left")
    personas = personas.sort("persona_name", "persona_id")
    shown = [
        item(row["persona_name"] or row["persona_code"], ROUTES[row["route"]]) for row in personas.iter_rows(named=True)
    ]
    with right:
        items("persona", "Personas", shown, "No persona has this job, through a role or directly.")


def measures(job_id: str) -> None:
    if "KPI" in lacking:
        items("KPI", "KPIs", [], "")
        return
    kpis = data.metric("kpi_attainment").filter(job_id=job_id)
    if kpis.height:
        st.html(f'<div class="vi items"><h2 class="name">KPIs <span class="muted">{kpis.height:,}</span></h2></div>')
        n_met, n_missed = (kpis.filter(met=met).height for met in (True, False))
        pictures.draw(kpi_bars(kpis), "job_kpis",
                      alt=f"KPIs against their targets: {n_met:,} met, {n_missed:,} not met, "
                            f"{kpis.height - n_met - n_missed:,} of which nobody can say")  # fmt: skip
        downloads.table(kpis, "job-kpis")
    else:
        items("KPI", "KPIs", [], nothing_of(job, "No KPI measures this job yet."))
    criteria = [item(row["said"]) for row in found["success criterion"]]
    items("success criterion", "Success criteria", criteria, "None is written down yet.")


def nothing_of(job: dict[str, Any], sentence: str) -> str:
    """Why a metric has nothing of a job: retired jobs are in none."""
    return sentence if job["is_live"] else "This job is retired, so its KPIs are not judged."


def barriers() -> None:
    for part, heading in (("obstacle", "Obstacles"), ("constraint", "Constraints")):
        rows = sorted(found[part], key=lambda row: WORSE.get((row["detail"] or "").strip().lower(), len(WORSE)))
        graded = [(row, (row["detail"] or "severity not stated", row["kind"])) for row in rows]
        shown = [item(row["said"], ", ".join(word for word in said if word)) for row, said in graded]
        items(part, heading, shown, "None is written down yet.")


def glance(job: dict[str, Any]) -> None:
    """Which parts the job has, which it lacks, and which nobody can know."""
    lines = ""
    for part, (column, name) in job_parts.COUNTED.items():
        number = job_facts[column]
        said = f'<span class="muted">unknown: {text(lacking.get(part, "the source lacks it"))}</span>' if number is None else (
            f"{number:,}" if number else '<span class="warning">missing</span>')  # fmt: skip
        lines += f"<dt>{name}</dt><dd>{said}</dd>"
    for part, name in (("consultation", "Expert consultations"), ("panel", "Panel discussions")):
        said = f"unknown: {text(lacking[part])}" if part in lacking else f"{len(found[part]):,}"
        lines += f"<dt>{name}</dt><dd>{said}</dd>"
    score = job["validation_score"]
    lines += f"<dt>Validation</dt><dd>{'not validated' if score is None else exact(score) + ' of 1'}</dd>"
    n = job_facts["n_parts"]
    share = (
        f"{job_facts['n_present']} of {n} kinds of parts are there"
        if n
        else "The source has none of the nine kinds of parts"
    )
    st.header("How complete it is", anchor=False)
    said = (
        f'<p class="muted" style="margin:.6rem 0 0">{text(examined.sentence(data, job["job_id"]))}</p>'
        if job["is_live"]
        else ""
    )
    st.html(f'<div class="vi parts"><p>{share}.</p><dl>{lines}</dl>{said}</div>')


def heading(job: dict[str, Any], rows: pl.DataFrame) -> None:
    functions = dict(data.table("functions").select("function_id", "function_name").iter_rows())
    chips = [job["job_code"], job["job_status"] or "status not stated", functions.get(job["function_id"]), job["functional_area"],
             job["job_category"], job["complexity"] and f"complexity {job['complexity']}", job["frequency"]]  # fmt: skip
    marks = "".join(f'<span class="chip">{text(chip)}</span>' for chip in dict.fromkeys(chips) if chip)
    high = rows.filter(band="HIGH").height
    name = cut(job["job_name"] or "A job without a name", 160)
    verb = "is a HIGH opportunity" if high == 1 else "are HIGH opportunities"
    words.title(f"{name}: {high} of {words.counted(rows.height, 'outcome')} {verb}" if rows.height else name)
    st.html(
        f'<div class="vi">{marks}<p class="muted" style="margin:.3rem 0">{text(job["description"], "No description.")}</p></div>'
    )


view = session.current()
data, selection = view.data, view.selection
if state.get("job_of", data.tenant.id) != data.tenant.id:  # codes of one tenant mean nothing to another
    state["job"] = ""
state["job_of"] = data.tenant.id
filters.carry("job")
outcomes, every = data.metric("opportunity"), data.table("jobs")
codes = job_parts.codes(every)
jobs = {row["job_id"]: row for row in every.iter_rows(named=True)}
counted = outcomes.group_by("job_id").agg(n_high=(pl.col("band") == "HIGH").sum(), top=pl.col("score").max())
offered = (
    view.chosen(every)
    .join(counted, on="job_id", how="left")
    .sort(
        "is_live", "n_high", "top", "job_name", "job_id", descending=[True, True, True, False, False], nulls_last=True
    )
)
st.html(lists.SHEET + CSS)
if not every.height:
    words.title("This tenant has no jobs yet")
    st.info("Once jobs are written in the source, run `vital-insights refresh TENANT`.")
else:
    if not offered.height:
        words.nothing_shown(outcomes, selection)
    job_id = choose_job(offered["job_id"].to_list())
    if job_id is None:
        words.title("No job is open")
    else:
        job, lacking, found = jobs[job_id], job_parts.lacking(data), job_parts.written(data, job_id)
        opened = job_work.Opened(data, job_id, jobs, codes, found, lacking)
        job_facts = data.metric("job_completeness").row(by_predicate=pl.col("job_id") == job_id, named=True)
        rows = outcomes.filter(job_id=job_id)
        heading(job, rows)
        if selection.words:
            st.html(f'<div class="vi muted">The filters leave {words.counted(offered.height, "job")} to choose from; '
                    "a job is always shown whole.</div>")  # fmt: skip
        with st.container(key="wide"):
            left, right = st.columns([2.2, 1], gap="medium")
            with left:
                tabs = st.tabs(["Outcomes", "People", "KPIs", "Barriers", "Value", "Work", "What if"], key="job_tabs")
                with tabs[0]:
                    outcomes_of(rows, job)
                with tabs[1]:
                    people(job_id)
                with tabs[2]:
                    measures(job_id)
                with tabs[3]:
                    barriers()
                with tabs[4]:
                    job_work.value(opened)
                with tabs[5]:
                    job_work.work(opened)
                with tabs[6]:
                    what_if.part(data, rows)
            with right, st.container(border=True):
                glance(job)
