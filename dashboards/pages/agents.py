"""Beside whom agents stand, where the need is and no agent is, and which jobs and personas anybody ever examined."""

import downloads
import filters
import job_parts
import leads
import pictures
import polars as pl
import session
import streamlit as st
import words
from choices import choose, part
from examined import agents_one_by_one
from style import cells

from vital_insights.charts import ranked_bars
from vital_insights.charts.wording import share
from vital_insights.errors import OlderSnapshot
from vital_insights.insights import NONE
from vital_insights.reports.machines import OF_BANDS, above_0, by_band, looked_after, needed_jobs
from vital_insights.reports.members import lowest

PAGE = {"title": "Agents and validation", "icon": ":material/smart_toy:", "place": 7.6, "group": "How work is done"}

LISTED, DRAWN = 8, 6  # rows of one table, bars of one figure: what stays legible at 390 pixels
STANDS = {
    "function": "By function",
    "department": "By department",
    "role": "By role",
    "job": "By job",
    "agents": "Agents one by one",
}
ABOUT = {"job": "Jobs", "persona": "Personas"}
HELPED = {"": "With an agent or not", "no": "Without an agent", "yes": "With an agent"}
SEEN = {"": "Examined or not", "no": "Never examined", "yes": "Examined"}


def tiles() -> None:
    """Agents, and what they and people have looked at, each with its denominator and the way to its rows."""
    unknown = "unknown: the source does not say"

    def of(name: str, n: int | None, whole: int, one: str, **codes: str) -> tuple[str, str, str, str]:
        under = unknown if n is None else f"of {words.counted(whole, one)}, {share(n, whole)}"
        return (
            name,
            "–" if n is None else f"{n:,}",
            under,
            leads.link("agents", "List them", keep=False, **codes) if n else "",
        )

    roles = coverage.filter(pl.col("dimension") == "role", pl.col("member").is_not_null())
    people = validation.filter(subject_type="persona")
    n_agents = None if agents is None else agents.height
    status = "" if agents is None else agents["status"].str.strip_chars(" ").str.to_lowercase()
    active = (
        unknown
        if agents is None
        else f"{(status == 'active').sum():,} active"
        if status.count()
        else "whether active is unknown"
    )
    leads.cards([
        ("Agents", "–" if n_agents is None else f"{n_agents:,}", active,
         leads.link("agents", "List them", keep=False, stands="agents") if n_agents else ""),
        of("Roles with an agent", above_0(roles["n_agents"]), roles.height, "role", stands="role", helped="yes"),
        of("HIGH jobs with an agent", above_0(needed["n_agents"]), needed.height, "HIGH job", stands="job", helped="yes", band="HIGH"),
        of("HIGH jobs examined", above_0(needed["n_talks"]), needed.height, "HIGH job", seen="yes", band="HIGH"),
        of("Personas examined", above_0(people["n_talks"]), people.height, "persona", about="persona", seen="yes"),
    ])  # fmt: skip


def standing() -> None:
    """The functions whose needed jobs have no agent, and every member of a dimension with what stands behind its agents."""
    units = coverage.filter(
        pl.col("dimension") == "function", pl.col("n_high_jobs") > 0, pl.col("n_high_jobs_with_agent").is_not_null()
    )
    ends = lowest(data.table("functions"), "function").implode()
    units = units.filter(pl.col("member").is_in(ends) | pl.col("member").is_null())
    bare = units.with_columns(without=pl.col("n_high_jobs") - pl.col("n_high_jobs_with_agent"))
    if bare.height:
        st.html('<div class="vi muted">Jobs with a HIGH opportunity that no agent stands beside, by function.</div>')
        figure = ranked_bars(
            bare, label="member_name", value="without", of="n_high_jobs", number=DRAWN, nobody="in no function"
        )
        pictures.draw(figure, "without_agent",
                      alt="Functions by the jobs with a HIGH opportunity that have no agent; the table lists the same")  # fmt: skip
        downloads.figure(figure, "without-agent")
    with st.container(horizontal=True):
        stands = choose("stands", "Where agents stand", STANDS, st.selectbox, width=190)
        helped = choose("helped", "With an agent", HELPED, st.selectbox, width=200) if stands != "agents" else ""
    if stands == "agents":
        listed_agents()
        return
    rows = coverage.filter(dimension=stands)
    if stands == "job":
        rows = rows.join(jobs.select(member="job_id"), on="member", how="semi", maintain_order="left")
    if rows.height and rows["n_agents"].is_null().all():
        st.info(f"Unknown: the source does not say which {stands}s agents stand beside.")
    some = pl.col("n_agents") > 0  # neither with nor without where it is unknown
    rows = rows.filter(some if helped == "yes" else ~some) if helped else rows
    if not rows.height:
        st.html('<div class="vi muted">None.</div>')
        return
    rows = rows.sort(
        "n_high_jobs", "n_high", "member_name", "member", descending=[True, True, False, False], nulls_last=True
    )
    start = part(f"{stands.capitalize()}s", rows.height, LISTED, f"pick_stands_{stands}_{helped}")
    page = rows.slice(start, LISTED)
    nobody = pl.when(pl.col("member").is_null()).then(pl.lit(f"of no {stands}"))
    name = nobody.otherwise(pl.col("member_name").fill_null("without a name"))
    need = (
        [("n_high", "HIGH")]
        if stands == "job"
        else [("n_high_jobs", "HIGH jobs"), ("n_high_jobs_with_agent", "with agent")]
    )
    behind = [("n_agents", "Agents"), ("n_skills", "Skills"), ("n_tools", "Tools")]
    table = cells(page.select(name.alias("Name"), *(pl.col(column).alias(said) for column, said in [*need, *behind])))
    codes = (
        job_codes
        if stands == "job"
        else {member.id: code for code, member in data.members(stands).items()} | {None: NONE}
    )
    opened = ({stands: codes[each]} if each in codes else None for each in page["member"])
    table.insert_column(1, leads.column("jobs", opened, keep=False))
    st.dataframe(table, key=f"stands_{stands}", height="content", row_height=58 if stands == "job" else 44, hide_index=True,
                 placeholder="–", alt="Who has agents, with skills and tools",
                 column_config=looks("Opens the job, or the jobs of this one, in a new tab"))  # fmt: skip
    downloads.table(rows, "agent-coverage")


def listed_agents() -> None:
    """Each agent with the role that it stands beside."""
    if agents is None or not agents.height:
        nothing = (
            "No agent is written down yet." if agents is not None else "Unknown: the source has no table of agents."
        )
        st.html(f'<div class="vi muted">{nothing}</div>')
        return
    start = part("Agents", agents.height, LISTED, "pick_agents")
    page = agents.slice(start, LISTED)
    table = page.select(
        Name=pl.col("agent_name").fill_null("without a name"), Role="role",
        Status=pl.col("status").fill_null("not stated"), Skills="n_skills", Tools="n_tools",
    )  # fmt: skip
    codes = {member.id: code for code, member in data.members("role").items()}
    opened = ({"role": codes[each]} if each in codes else None for each in page["role_id"])
    table = cells(table).insert_column(2, leads.column("jobs", opened, keep=False))
    st.dataframe(table, key="agents_table", height="content", row_height=58, hide_index=True, placeholder="–",
                 column_config=looks("Opens the jobs of its role in a new tab") | {"Role": st.column_config.TextColumn(width=150)},
                 alt="Agents with their role, skills and tools")  # fmt: skip
    downloads.table(agents, "agents")


def looks(opens: str) -> dict[str, object]:
    """How the tables draw their columns; `opens` says what a row's link opens."""
    helps = {
        "Agents": "Agents beside it; deprecated and archived ones are left out", "Skills": "Different skills of these agents",
        "Tools": "Different tools of these agents", "HIGH": "Outcomes of the job in the HIGH band",
        "HIGH jobs": "Jobs with an outcome in the HIGH band", "with agent": "Those with an agent",
        "Consultations": "Consultations of experts about it", "Panels": "Panels that discussed it",
        "Agreed": "Panels with a statement of consensus", "Votes": "Votes cast in these panels", "Comments": "Comments on both",
    }  # fmt: skip
    wide = {"HIGH": 48, "HIGH jobs": 78, "with agent": 80, "Comments": 80, "Agents": 64, "Agreed": 60, "Panels": 58,
            "Consultations": 100}  # fmt: skip
    numbers = {name: st.column_config.NumberColumn(width=wide.get(name, 54), help=said) for name, said in helps.items()}
    last = st.column_config.DatetimeColumn(format="D MMM YYYY", width=92)
    return {"Name": st.column_config.TextColumn(width=190), "Last": last, leads.OPEN: leads.look(opens)} | numbers


def examination() -> None:
    """How many jobs of each band anybody examined, and every job or persona with what took place."""
    of_jobs = by_band(outcomes, validation).join(jobs.select("job_id"), on="job_id", how="semi")
    if of_jobs.height and of_jobs["n_talks"].is_not_null().any():
        st.html(
            '<div class="vi muted">Jobs that a consultation or a panel was about, by the band of their highest score.</div>'
        )
        counts = of_jobs.group_by("band").agg(
            n=pl.len().cast(pl.Int64), seen=(pl.col("n_talks") > 0).sum().cast(pl.Int64)
        )
        order = pl.DataFrame({"band": [*OF_BANDS], "label": [*OF_BANDS.values()]})
        counts = order.join(counts, on="band", maintain_order="left")
        figure = ranked_bars(counts, label="label", value="seen", of="n", band="band", shares=True)
        pictures.draw(figure, "examined",
                      alt="Jobs that were examined, by the band of their highest score")  # fmt: skip
        downloads.figure(figure, "examined")
    with st.container(horizontal=True):
        about = choose("about", "Of what", ABOUT, st.selectbox, width=140)
        seen = choose("seen", "Examined", SEEN, st.selectbox, width=190)
    rows = of_jobs if about == "job" else people()
    if rows.height and rows["n_talks"].is_null().all():
        st.info(f"Unknown: the source does not say which {about}s consultations and panels are about.")
    talked = pl.col("n_talks") > 0  # neither examined nor never examined where it is unknown
    rows = rows.filter(talked if seen == "yes" else ~talked) if seen else rows
    if not rows.height:
        st.html('<div class="vi muted">None.</div>')
        return
    start = part(ABOUT[about], rows.height, LISTED, f"pick_{about}_{seen}")
    page = rows.slice(start, LISTED)
    shown = [("n_high", "HIGH")] if about == "job" else []
    shown += [("n_consultations", "Consultations"), ("n_panels", "Panels"), ("n_agreed", "Agreed"), ("newest_change", "Last"),
              ("n_votes", "Votes"), ("n_feedback", "Comments")]  # fmt: skip
    name = pl.col("subject_name").fill_null("without a name").alias("Name")
    table = cells(page.select(name, *(pl.col(column).alias(said) for column, said in shown)))
    codes = job_codes if about == "job" else {member.id: code for code, member in data.members("persona").items()}
    opened = ({about: codes[each]} if each in codes else None for each in page["subject_id"])
    table.insert_column(1, leads.column("jobs", opened, keep=False))
    st.dataframe(table, key=f"validation_{about}", height="content", row_height=58, hide_index=True, placeholder="–",
                 alt=f"{ABOUT[about]} with the consultations and panels about them",
                 column_config=looks("Opens the job, or the jobs of this persona, in a new tab")
                 | {"Name": st.column_config.TextColumn(width=170)})  # fmt: skip
    downloads.table(rows, "validation")


def people() -> pl.DataFrame:
    """The rows about personas; where something is chosen, of those who have one of the chosen jobs."""
    rows = validation.filter(subject_type="persona")
    if selection.words:
        mine = data.table("persona_jobs").join(jobs.select("job_id"), on="job_id", how="semi")
        rows = rows.join(
            mine.select(subject_id="persona_id").unique(), on="subject_id", how="semi", maintain_order="left"
        )
    return rows.sort("n_talks", "subject_name", "subject_id", nulls_last=True)


def page() -> None:
    words.title(looked_after(needed))
    if not live.height:
        st.info(
            "This tenant has no jobs yet. Once jobs are written in the source, run `vital-insights refresh TENANT`."
        )
        return
    st.html('<div class="vi muted">An agent stands beside a job when a role that does the job has one. Examined means that a consultation '
            "or a panel was about it.</div>")  # fmt: skip
    tiles()
    if selection.words:
        chosen = f"{jobs.height:,} of {words.counted(live.height, 'job')} within the filters"
        st.html('<div class="vi muted">Title and figures are of the whole tenant; the jobs and personas listed belong to the '
                f"{chosen}.</div>")  # fmt: skip
    with st.container(key="wide"):
        left, right = st.columns(2, gap="medium")
        with left, st.container(border=True):
            st.header("Where agents stand", anchor=False)
            standing()
        with right, st.container(border=True):
            st.header("Who examined what", anchor=False)
            if jobs.height:
                examination()
            else:
                words.nothing_shown(outcomes, selection)


view = session.current()
filters.carry("stands", "helped", "about", "seen")
data, selection = view.data, view.selection
outcomes, live = data.metric("opportunity"), data.table("jobs").filter("is_live")
job_codes = job_parts.codes(data.table("jobs"))
try:
    coverage, validation = data.metric("agent_coverage"), data.metric("validation_activity")
except OlderSnapshot:
    words.older(data, "This snapshot does not say where agents stand and who examined what")
else:
    jobs = view.chosen(live)
    needed = needed_jobs(coverage, validation)
    agents = agents_one_by_one(data)
    page()
