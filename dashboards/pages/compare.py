"""Groups side by side: where opportunity gathers and for whom, with the n and the one outcome that a mean would hide."""

import capabilities
import downloads
import filters
import job_parts
import leads
import pictures
import polars as pl
import session
import streamlit as st
import words
from choices import choose, part, told_apart
from members import by_member
from places import AREAS, PLACES
from style import cells, cut, text

from vital_insights.charts import side_by_side
from vital_insights.charts.dumbbell import FEW
from vital_insights.charts.wording import exact
from vital_insights.insights import NONE
from vital_insights.reports.members import lowest

PAGE = {"title": "Compare", "icon": ":material/align_horizontal_left:", "place": 6, "group": "Where to act"}

PER_PAGE = 12
DIMENSIONS = {
    "function": "functions", "department": "departments", "role": "roles", "persona": "personas", "domain": "domains", **AREAS,
    "capability": "capabilities", "strategic_priority": "strategic priorities", "industry": "industries",
    "outcome_type": "outcome types", "job_category": "job categories", "complexity": "levels of complexity",
    "frequency": "frequencies", "functional_area": "functional areas", "job": "jobs",
}  # fmt: skip
WORDED = ("outcome_type", "job_category", "complexity", "frequency", "functional_area")
TREES = ("function", "domain")
ORDERS = {
    "high": "Most HIGH outcomes",
    "share": "Largest share of HIGH",
    "mean": "Highest mean score",
    "name": "By name",
}
MEASURES = {"scores": "Scores", "ratings": "Ratings"}
CARRIED = [
    "member", "member_name", "n_outcomes", "n_scored", "n_high", "n_high_firm", "n_medium", "n_low", "n_unscored", "mean_score",
    "max_score", "mean_importance", "mean_satisfaction", "top_outcome_id", "top_statement",
]  # fmt: skip
READ = {
    "scores": "Each line runs from the mean score of a group to its highest, so that the mean hides no single outcome.",
    "ratings": "Each line runs from the mean satisfaction of a group to its mean importance.",
}
state = st.session_state


def outside(n: int) -> str:
    """What to call the outcomes that belong to no member."""
    one = by.replace("_", " ")
    if by in WORDED:
        return f"no {one} stated"
    if by in TREES and not state["above"]:
        return f"in none of the {n:,} {DIMENSIONS[by]}" if n > 1 else f"not in this {one}"
    return f"in no {one}"


def names() -> dict[str, str]:
    """The name of each member, with its code where two share one, by id."""
    if by in PLACES:
        return {member.id: member.name for member in data.members(by).values()}
    if by != "job":
        return {}
    jobs = data.table("jobs").select("job_id", "job_code", "job_name")
    twice = jobs.filter(pl.col("job_name").is_duplicated())
    return {key: f"{name or 'without a name'} ({code or key})" for key, code, name in twice.iter_rows()}


def counted_up() -> pl.DataFrame:
    """The groups that have a shown outcome, in the chosen order; what belongs to none stands last."""
    only = None
    if by in TREES and not state["above"]:
        only = lowest(data.table(DIMENSIONS[by]), by)
    found = by_member(shown, data.table("membership"), data.table("jobs"), by, only).filter(pl.col("n_outcomes") > 0)
    found = found.with_columns(
        pl.col("member")
        .replace_strict(names(), default=pl.col("member_name"), return_dtype=pl.String)
        .alias("member_name")
    )
    few = (pl.col("n_scored") < FEW) & pl.lit(order in ("share", "mean"))
    first = {
        "high": -pl.col("n_high"),
        "share": -pl.col("n_high") / pl.col("n_outcomes"),
        "mean": -pl.col("mean_score"),
        "name": pl.col("member_name").str.to_lowercase(),
    }[order]
    return found.sort(
        pl.col("member").is_null(), few, first, pl.col("member_name").str.to_lowercase(), "member", nulls_last=True
    )


def codes_of(member: str | None) -> dict[str, str] | None:
    """What the filters of the address call a member, or None where no filter names this dimension."""
    if by == "outcome_type":
        return {"type": member or NONE} if len(member or "") <= filters.LENGTH else None
    if by not in PLACES:
        return None
    if member is None:
        return None if by in TREES and not state["above"] else {by: NONE}
    of = data.table("membership").filter(dimension=by)
    for place in selection.places:
        if place.dimension == by and not set(of.filter(member=member)["job_id"]) <= set(
            of.filter(member=place.member)["job_id"]
        ):
            return None  # the link would end the filter that the number was counted with
    return next(({by: code} for code, found in data.members(by).items() if found.id == member), None)


def card(rows: pl.DataFrame, nobody: str) -> None:
    """One group: its counts, its highest outcome, and the way to its rows."""
    found = {row["member"] or NONE: row for row in rows.to_dicts()}
    called = {
        key: nobody if row["member"] is None else row["member_name"] or "without a name" for key, row in found.items()
    }
    called = dict(zip(called, told_apart(cut(each, 80) for each in called.values()), strict=True))
    picked = st.selectbox(
        "Group",
        list(found),
        key=f"pick_group_{by}_{order}",
        format_func=called.__getitem__,
        label_visibility="collapsed",
    )
    row = found[picked]
    firm = (
        "unknown: no tolerance was set"
        if row["n_high_firm"] is None
        else f"{row['n_high_firm']:,} of {row['n_high']:,}"
    )
    codes = codes_of(row["member"])

    def rows_of(band: str) -> str:
        return f" · {leads.link('outcomes', 'list', **codes, band=band)}" if codes and row[f"n_{band.lower()}"] else ""

    facts = {
        "Outcomes": f"{row['n_outcomes']:,}, of which {row['n_scored']:,} scored",
        "HIGH": f"{row['n_high']:,}, {words.share(row['n_high'], row['n_outcomes'])} of all outcomes{rows_of('HIGH')}",
        "Stays HIGH": firm if row["n_high"] else "none is HIGH",
        "MEDIUM": f"{row['n_medium']:,}{rows_of('MEDIUM')}",
        "LOW": f"{row['n_low']:,}{rows_of('LOW')}",
        "UNSCORED": f"{row['n_unscored']:,}{rows_of('UNSCORED')}",
    }
    if row["n_scored"]:
        facts |= {
            "Mean score": f"{row['mean_score']:.2f} of {words.counted(row['n_scored'], 'score')}",
            "Mean ratings": f"importance {row['mean_importance']:.2f}, satisfaction {row['mean_satisfaction']:.2f}",
            "Highest": f"<b>{exact(row['max_score'])}</b> {text(row['top_statement'], 'no statement')}",
        }
    else:
        facts |= {"Mean score": "unknown: none of its outcomes has both ratings"}
    listed = "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in facts.items())
    st.html(f'<div class="vi"><dl>{listed}</dl></div>')
    if codes:
        words.lead("outcomes", "See these outcomes", **codes)
        words.lead("landscape", "See them on the landscape", **codes)
    elif by == "job" and row["member"] is not None:
        words.lead("jobs", "Open the job", keep=False, job=job_parts.codes(data.table("jobs"))[row["member"]])
    else:
        st.html('<div class="vi muted">No filter lists just these outcomes; the download lists their numbers.</div>')


def table(rows: pl.DataFrame, nobody: str) -> None:
    """The numbers of the picture, and the rest."""
    named = (
        pl.when(pl.col("member").is_null())
        .then(pl.lit(nobody))
        .otherwise(pl.col("member_name").fill_null("without a name"))
    )
    columns = {
        "Group": named, "Outcomes": pl.col("n_outcomes"), "Scored": pl.col("n_scored"), "HIGH": pl.col("n_high"),
        "Stay HIGH": pl.col("n_high_firm"), "HIGH %": 100 * pl.col("n_high") / pl.col("n_outcomes"), "MEDIUM": pl.col("n_medium"),
        "LOW": pl.col("n_low"), "UNSCORED": pl.col("n_unscored"), "Mean score": pl.col("mean_score"),
        "Highest": pl.col("max_score").cast(pl.Float64), "Mean importance": pl.col("mean_importance"),
        "Mean satisfaction": pl.col("mean_satisfaction"), "Highest outcome": pl.col("top_statement"),
    }  # fmt: skip
    if (rows["n_scored"] < FEW).any():
        columns["Note"] = pl.when(pl.col("n_scored") < FEW).then(pl.lit("too few for a mean"))
    number, bar = st.column_config.NumberColumn, st.column_config.ProgressColumn
    means = {name: number(format="%.2f") for name in ("Mean score", "Mean importance", "Mean satisfaction")}
    looks = means | {
        "HIGH %": bar(format="%.0f%%", min_value=0, max_value=100),
        "Highest": number(format="%.1f" if words.decimals(rows["max_score"]) == 1 else "plain"),
    }
    shown_rows = cells(rows.select(**columns))
    if any(map(codes_of, rows["member"])):
        shown_rows = shown_rows.insert_column(1, leads.column("outcomes", map(codes_of, rows["member"])))
        looks[leads.OPEN] = leads.look("Opens these outcomes in a new tab")
    st.dataframe(shown_rows, key="compare_table", height="content", hide_index=True, column_config=looks,
                 alt="The groups of this page with their numbers")  # fmt: skip


view = session.current()
filters.carry("by", "order", "measure")
data, selection, shown = view.data, view.selection, view.shown
outcomes = data.metric("opportunity")

head = st.container()
with st.container(key="comparing", horizontal=True, vertical_alignment="center"):
    by = choose(
        "by", "Compare by", {code: many.capitalize() for code, many in DIMENSIONS.items()}, st.selectbox, width=220
    )
    order = choose("order", "Order", ORDERS, st.selectbox, width=220)
    measure = choose("measure", "Measure", MEASURES, st.segmented_control, required=True)
    if by in TREES:
        # Its width is told: a narrow screen gives it a line of its own at once, and nothing below it moves afterwards.
        st.toggle(f"With the {DIMENSIONS[by]} above others", key="above", width=260)
groups = counted_up()
named = groups.filter(pl.col("member").is_not_null())
most = named.sort("n_high", "member_name", "member", descending=[True, False, False]).head(1)
where = (
    f"; {most['member_name'][0] or 'a group without a name'} holds {most['n_high'][0]:,} of them"
    if most.height and most["n_high"][0]
    else ""
)
with head:
    words.title(words.finding(outcomes, shown, selection) + where)
if not shown.height:
    words.nothing_shown(outcomes, selection)
elif not named.height:
    st.info(f"None of the shown outcomes belongs to one of the {DIMENSIONS[by]}: the source names none for their jobs. "
            "Compare by something else.")  # fmt: skip
else:
    nobody = outside(named.height)
    small = named.filter(pl.col("n_scored") < FEW).height
    says = READ[measure] + (
        f" {words.counted(small, 'group')} with fewer than {FEW} scored outcomes in grey." if small else ""
    )
    says += " An outcome counts in every group that its job belongs to." if by != "outcome_type" else ""
    with st.container(key="wide"):
        left, right = st.columns([1.6, 1], gap="medium")
        with left, st.container(border=True):
            st.header(f"{DIMENSIONS[by].capitalize()} side by side", anchor=False)
            st.html(f'<div class="vi muted">{says}</div>')
            start = part(
                DIMENSIONS[by].capitalize(), groups.height, PER_PAGE, f"pick_page_{by}_{order}_{groups.height}"
            )
            rows = groups.slice(start, PER_PAGE)
            figure = side_by_side(rows, ratings=measure == "ratings", nobody=nobody)
            pictures.draw(
                figure, "compare", f"{DIMENSIONS[by].capitalize()} side by side; the table beneath lists the same"
            )
            downloads.figure(figure, "compare")
        with right, st.container(border=True):
            st.header("One group", anchor=False)
            card(rows, nobody)
    with st.container(border=True):
        st.header("The same in numbers", anchor=False)
        table(rows, nobody)
        downloads.table(groups.select(CARRIED), "compare")
if by in ("domain", "capability"):
    capabilities.draw(data)
