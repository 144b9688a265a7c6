"""Where AI is planned and where it is needed: the need of each job against what AI could do with it, as the source rates that."""

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
from style import cells

from vital_insights.charts import ai_potential
from vital_insights.charts.wording import share
from vital_insights.errors import OlderSnapshot
from vital_insights.reports.machines import FITS, ai_finding, most_needed, of_fit

PAGE = {"title": "AI opportunities", "icon": ":material/auto_awesome:", "place": 7.2, "group": "How work is done"}

LISTED, IDEAS = 8, 8  # rows of one table: what stays legible at 390 pixels
# What people have written under a job: each AI opportunity with its uses, then uses that stand under none.
WRITTEN = """
select o.jtbd_id::varchar as job_id, o.name as idea, string_agg(u.name, '; ' order by u.name) as uses, count(u.id) as n_uses,
    o.automation_potential_score as automation, o.augmentation_potential_score as augmentation, o.id::varchar as id
from raw.jtbd_gen_ai_opportunities as o
left join raw.jtbd_gen_ai_use_cases as u on u.gen_ai_opportunity_id = o.id and u.deleted_at is null
where o.deleted_at is null
group by o.jtbd_id, o.name, o.automation_potential_score, o.augmentation_potential_score, o.id
union all
select u.jtbd_id::varchar, 'under no AI opportunity', u.name, 1, null, null, u.id::varchar
from raw.jtbd_gen_ai_use_cases as u
left join raw.jtbd_gen_ai_opportunities as o on o.id = u.gen_ai_opportunity_id and o.deleted_at is null
where u.deleted_at is null and o.id is null
"""


def named(fit: str) -> str:
    return f"{FITS[fit][0].upper()}{FITS[fit][1:]}"


def tiles() -> None:
    """The ways in which need and AI meet, each with its denominator and the way to its jobs."""
    told = []
    for fit in FITS:
        n = of_fit(shown, fit)
        if n is None:
            told.append((named(fit), "–", "unknown: the source has no table of them", ""))
            continue
        of = f"{share(n, shown.height)} of {words.counted(shown.height, 'job')}"
        told.append((named(fit), f"{n:,}", of, leads.link("ai", "List them", fit=fit) if n else ""))
    leads.cards(told)


def job_table() -> None:
    """The jobs of one of the four, or all of them, the most needed first."""
    counts = {fit: shown.filter(fit=fit).height for fit in FITS}
    options = {"": f"All {words.counted(shown.height, 'job')}"}
    options |= {fit: f"{named(fit)} ({counts[fit]:,})" for fit in FITS if counts[fit]}
    fit = choose("fit", "Need and AI", options, st.selectbox)
    rows = shown.filter(fit=fit) if fit else shown
    start = part("Jobs", rows.height, LISTED, f"pick_ai_jobs_{fit}")
    page = rows.slice(start, LISTED)
    table = page.select(
        pl.col("job_name").fill_null("without a name").alias("Job"),
        pl.col("max_score").cast(pl.Float64).alias("Score"),
        pl.col("n_high").alias("HIGH"),
        pl.col("n_ai_opportunities").alias("AI opp."),
        pl.col("n_use_cases").alias("Uses"),
    )
    table = cells(table).insert_column(1, leads.column("jobs", ({"job": codes[job]} for job in page["job_id"])))
    number = st.column_config.NumberColumn
    st.dataframe(
        table, key="ai_jobs", height="content", row_height=58, hide_index=True, placeholder="–", alt="Jobs by need and AI opportunities",
        column_config={
            "Job": st.column_config.TextColumn(width=290), leads.OPEN: leads.look("Opens the job in a new tab"),
            "Score": number(format="plain", width=60, help="The highest opportunity score of the job, 0 to 20"),
            "HIGH": number(width=56, help="Outcomes of the job in the HIGH band"),
            "AI opp.": number(width=64, help="AI opportunities that are written down for the job"),
            "Uses": number(width=54, help="Use cases that are written down for the job"),
        },
    )  # fmt: skip
    downloads.table(rows, "ai-jobs")


def ideas() -> None:
    """Every AI opportunity of these jobs with its use cases, those of the most needed job first."""
    written = data.sql(WRITTEN).join(
        shown.select("job_id", "job_name", "max_score", "n_high"), on="job_id", how="inner"
    )
    written = written.sort(
        "max_score", "augmentation", "idea", "id", descending=[True, True, False, False], nulls_last=True
    )
    if not written.height:
        st.html('<div class="vi muted">None is written down for these jobs yet.</div>')
        return
    no_uses = "none yet"
    if data.table("absent").filter(table_name="jtbd_gen_ai_use_cases", column_name="*").height:
        no_uses = "unknown"
        st.html('<div class="vi muted">Their use cases are unknown: the source has no table of them.</div>')
    start = part("AI opportunities", written.height, IDEAS, "pick_ideas")
    page = written.slice(start, IDEAS)
    table = page.select(
        pl.col("idea").fill_null("without a name").alias("AI opportunity"),
        pl.when(pl.col("n_uses") == 0)
        .then(pl.lit(no_uses))
        .otherwise(pl.col("uses").fill_null("without a name"))
        .alias("Use cases"),
        pl.col("job_name").fill_null("without a name").alias("Job"),
        pl.col("max_score").cast(pl.Float64).alias("Score"),
        pl.col("augmentation").cast(pl.Float64).alias("Augment."),
        pl.col("automation").cast(pl.Float64).alias("Automate"),
    )
    table = cells(table).insert_column(3, leads.column("jobs", ({"job": codes[job]} for job in page["job_id"])))
    number, words_of = st.column_config.NumberColumn, st.column_config.TextColumn
    st.dataframe(
        table, key="ideas", height="content", row_height=58, hide_index=True, placeholder="–", alt="AI opportunities with their use cases",
        column_config={
            "AI opportunity": words_of(width=280), "Use cases": words_of(width=330), "Job": words_of(width=270),
            leads.OPEN: leads.look("Opens the job in a new tab"), "Score": number(format="plain", width=60),
            "Augment.": number(format="plain", width=76), "Automate": number(format="plain", width=76),
        },
    )  # fmt: skip
    downloads.table(written, "ai-opportunities")


def page() -> None:
    words.title(ai_finding(shown, selection.words))
    if not every.height:
        st.info(
            "This tenant has no jobs yet. Once jobs are written in the source, run `vital-insights refresh TENANT`."
        )
        return
    st.html('<div class="vi muted">A job is needed where one of its outcomes is HIGH. Automation is what AI could do alone, augmentation '
            "what it could do beside a person: ratings of the source on its own scale, and no opportunity scores.</div>")  # fmt: skip
    if not shown.height:
        words.nothing_shown(outcomes, selection)
        return
    if every["n_ai_opportunities"].is_null().all():
        because = dict(data.table("absent").filter(column_name="*").select("table_name", "because").iter_rows())
        why = because.get("jtbd_gen_ai_opportunities", "the source does not tell of them")
        st.info(f"Unknown which jobs have an AI opportunity: {why}. How much each job is needed is known all the same.")
    tiles()
    with st.container(key="wide"):
        left, right = st.columns([1.1, 1], gap="medium")
        with left:
            st.header("How far AI could go, and how much it is needed", anchor=False)
            if shown["n_ai_opportunities"].is_null().all():
                st.html('<div class="vi muted">There is nothing to draw without AI opportunities.</div>')
            else:
                figure = data.once("ai_potential", lambda: ai_potential(shown), selection)
                pictures.draw(
                    figure, "ai_potential",
                    alt=f"{words.counted(shown.height, 'job')} by highest opportunity score and AI potential; the table lists the same",
                )  # fmt: skip
                downloads.figure(figure, "ai-potential")
        with right:
            st.header("The jobs, the most needed first", anchor=False)
            job_table()
    if every["n_ai_opportunities"].is_not_null().any():
        with st.container(border=True):
            st.header("What is written down, for the most needed jobs first", anchor=False)
            ideas()


view = session.current()
filters.carry("fit")
data, selection = view.data, view.selection
outcomes, codes = data.metric("opportunity"), job_parts.codes(data.table("jobs"))
try:
    every = data.metric("ai_fit")
except OlderSnapshot:
    words.older(data, "This snapshot does not say where AI could help")
else:
    shown = most_needed(view.chosen(every))
    page()
