"""Who does which job and who does none: maps of roles and personas by jobs, and the gaps with what to do about them."""

import downloads
import filters
import job_parts
import leads
import matrix
import pictures
import polars as pl
import session
import streamlit as st
import words
from choices import choose, part
from covered import GAPS, SHARES, gap_totals, unknown_counts
from style import cells, cut, text

from vital_insights.charts import group_map, route_map
from vital_insights.insights import NONE

PAGE = {"title": "Coverage", "icon": ":material/grid_on:", "place": 5, "group": "People"}

ACROSS, DOWN, LISTED, GAPS_LISTED = (
    10,
    25,
    12,
    8,
)  # people and jobs on one map, rows of one table: what stays legible at 390 pixels
GROUPS = {
    "strategic_priority": "strategic priority", "domain": "domain", "functional_area": "functional area",
    "job_category": "job category", "industry": "industry", "complexity": "complexity", "frequency": "frequency",
}  # fmt: skip
KEYS = {
    "role": "<b>R</b> the role does the job",
    "persona": "<b>R</b> through the role · <b>D</b> linked directly · <b>B</b> both",
}
PRIMARY = "<b><u>underlined</u></b> primary · the stronger the ground, the more relevant · numbers on the edges: totals"


def finding() -> str:
    """The title: what nobody does, with its denominators, of the whole tenant."""
    counts = {kind: gaps.filter(kind=kind).height for kind in GAPS}
    roles, jobs = data.table("roles").height, live.height
    said = f"{counts['job_without_role']:,} of {words.counted(jobs, 'job')} have no role, "
    said += f"{counts['role_without_job']:,} of {words.counted(roles, 'role')} have no job"
    high = counts["high_outcome_without_owner"]
    return said + (f"; {words.counted(high, 'HIGH outcome')} without an owner" if high else "")


def levels(who: str) -> dict[str, str]:
    """What can be mapped, by code: all functions or departments at once, or the people of one of them."""
    found = {unit: f"All {many}" for unit, many in matrix.UNITS.items()}
    for unit in matrix.UNITS:
        codes = {member.id: code for code, member in data.members(unit).items()}
        counts = matrix.units(data, who, unit).group_by("unit_id", "unit_name").len("n")
        for row in counts.sort(pl.col("unit_name").str.to_lowercase(), "unit_id").iter_rows(named=True):
            size = words.counted(row["n"], who)
            found[f"{unit}:{codes.get(row['unit_id'], row['unit_id'])}"] = (
                f"{cut(row['unit_name'] or 'without a name', 80)} ({unit}, {size})"
            )
    return found


def unit_of(level: str) -> tuple[str, str | None]:
    """The dimension of a level, and the id of its unit where it names one."""
    unit, _, code = level.partition(":")
    return unit, data.members(unit)[code].id if code in data.members(unit) else code or None


def map_of_units(who: str, unit: str) -> None:
    """How many jobs of each group somebody of each unit has."""
    bar = st.container(horizontal=True)
    with bar:
        dimension = choose(
            "jobs_by", "Jobs by", {code: f"Jobs by {said}" for code, said in GROUPS.items()}, st.selectbox, width=250
        )
    found = matrix.links(data, who, jobs)
    counts, groups, across = matrix.summed(
        found, matrix.groups_of(data, dimension, jobs), matrix.units(data, who, unit)
    )
    routes = [
        "by " + words.counted(row["n_people"], who)
        + (f"; links: {row['n_inherited']:,} inherited, {row['n_direct']:,} direct, {row['n_both']:,} both" if who == "persona" else "")
        for row in counts.iter_rows(named=True)
    ]  # fmt: skip
    with bar:
        start = part(matrix.UNITS[unit].capitalize(), across.height, ACROSS, f"pick_units_{who}_{unit}")
        first = part("Groups of jobs", groups.height, DOWN, f"pick_rows_{dimension}")
    named = across.select("member", "member_name")
    across = across.slice(start, ACROSS)
    figure = group_map(counts.with_columns(words=pl.Series(routes, dtype=pl.String)), groups.slice(first, DOWN), across)
    key = f"Each number counts jobs that somebody of the {unit} has; the stronger the ground, the larger the share of the row’s jobs. "
    draw(
        figure,
        key + "Totals on the edges: jobs of the row, different jobs of the column.",
        f"{matrix.UNITS[unit]} by jobs",
    )
    of_people = ["n_inherited", "n_direct", "n_both"] if who == "persona" else []
    downloads.table(
        counts.join(groups, on="group").join(named, on="member")
        .select("group_name", "member_name", "n", "n_primary", "n_people", *of_people, "member"),
        "coverage-map",
    )  # fmt: skip
    st.html('<div class="vi muted">Choose one of them above, and the map lists its jobs one by one.</div>')


def map_of_people(who: str, unit: str, unit_id: str) -> None:
    """Every job of a unit by every one of its roles or personas."""
    members = matrix.units(data, who, unit).filter(unit_id=unit_id)
    people = matrix.people(data, who).join(members, on="member", how="semi")
    found = matrix.links(data, who, jobs).join(people, on="member", how="semi")
    inside = matrix.jobs_of_unit(data, unit, unit_id)
    theirs = jobs.filter(
        pl.col("job_id").is_in(inside.implode()) | pl.col("job_id").is_in(found["job_id"].unique().implode())
    )
    down, across = matrix.ordered(found, theirs, people)
    if not down.height or not across.height:
        st.info("None of the jobs within the filters belongs to this unit. Choose another unit, or reset the filters.")
        return
    with st.container(horizontal=True):
        start = part(matrix.WHO[who].capitalize(), across.height, ACROSS, f"pick_people_{who}_{unit_id}")
        across = across.slice(start, ACROSS)
        here = found.join(across, on="member", how="semi")["job_id"].unique()
        down = down.filter((pl.col("n") == 0) | pl.col("job_id").is_in(here.implode()))
        first = part("Jobs", down.height, DOWN, f"pick_jobs_{who}_{unit_id}_{start}")
    idle = down.filter(n=0).height
    missing = (
        f" {words.counted(idle, 'job')} of the unit {'has' if idle == 1 else 'have'} no {who} here, at the end."
        if idle
        else ""
    )
    figure = route_map(found, down.slice(first, DOWN), across)
    draw(figure, f"{KEYS[who]} · {PRIMARY}.{missing}", f"{matrix.WHO[who]} by jobs")
    downloads.table(
        found.join(theirs.select("job_id", "job_code", "job_name"), on="job_id").join(people, on="member")
        .select("member_name", "job_code", "job_name", "route", "is_primary", "relevance", "member", "job_id"),
        "coverage-links",
    )  # fmt: skip
    code = unit_id and next((code for code, member in data.members(unit).items() if member.id == unit_id), NONE)
    words.lead("outcomes", f"List the outcomes of this {unit}", **{unit: code})


def draw(figure: object, key: str, alt: str) -> None:
    """The figure with its key above it; `key` is ours and holds no text of the data."""
    st.html(f'<div class="vi muted">{key}</div>')
    pictures.draw(figure, "coverage", f"A map of {alt}; the download lists the same")
    downloads.figure(figure, "coverage")


def maps() -> None:
    """The map and its choices."""
    with st.container(horizontal=True, vertical_alignment="center"):
        who = choose(
            "who",
            "Who",
            {code: many.capitalize() for code, many in matrix.WHO.items()},
            st.segmented_control,
            required=True,
        )
        level = choose("level", "Level of detail", levels(who), st.selectbox, width=330)
    unit, unit_id = unit_of(level)
    if unit_id is None:
        map_of_units(who, unit)
    else:
        map_of_people(who, unit, unit_id)


def gap_list() -> None:
    """Every gap, by kind, with what to do; the kind is a code of the address."""
    totals, counts = gap_totals(data), {kind: gaps.filter(kind=kind).height for kind in GAPS}
    present = [kind for kind in GAPS if counts[kind]]
    items = "".join(
        f'<li><span><span class="count">{counts[kind]:,}</span> <span class="muted">of {totals[GAPS[kind][1]]:,}</span></span>'
        f"<span><b>{text(GAPS[kind][0])}</b><br>{text(gaps.filter(kind=kind)['remedy'][0])}</span></li>"
        for kind in present
    )
    st.html(f'<div class="vi"><ul>{items}</ul></div>')
    asked = state["gap"]
    state["pick_kind"] = asked if asked in present else None

    def keep() -> None:
        state["gap"] = state["pick_kind"] or ""

    kind = st.selectbox("Kind of gap", present, key="pick_kind", index=None, format_func=lambda code: f"{GAPS[code][0]} ({counts[code]:,})",
                        placeholder=f"All {gaps.height:,} gaps", label_visibility="collapsed", on_change=keep)  # fmt: skip
    if asked and not kind:
        st.html(
            f'<div class="vi" role="status"><span class="warning">Not applied:</span> there is no gap of the kind “{text(asked)}”.</div>'
        )
    gravest = gaps.sort(
        pl.col("kind").replace_strict({code: place for place, code in enumerate(GAPS)}, default=len(GAPS)),
        maintain_order=True,
    )
    rows = gravest.filter(kind=kind) if kind else gravest
    start = part("Gaps", rows.height, GAPS_LISTED, f"pick_gaps_{kind}")
    named = rows.slice(start, GAPS_LISTED).select(
        Gap=pl.col("kind").replace_strict({code: said for code, (said, _) in GAPS.items()}, default=pl.col("kind")),
        Code=pl.col("subject_code"), Name=pl.col("subject_name").fill_null("without a name"), Why="because", Do="remedy",
    )  # fmt: skip
    wide = {
        name: st.column_config.TextColumn(width=width) for name, width in (("Name", 260), ("Do", 190), ("Gap", 190))
    }
    st.dataframe(cells(named), key="gaps_table", height="content", row_height=58, hide_index=True, column_config=wide,
                 alt="The gaps in coverage, one by one",
                 column_order=["Name", "Do", "Code", "Why"] if kind else ["Name", "Gap"])  # fmt: skip
    downloads.table(rows, "coverage-gaps")
    if counts["high_outcome_without_owner"]:
        words.lead("outcomes", "See the HIGH outcomes without an owner", keep=False, role=NONE, band="HIGH")


def completeness() -> None:
    """Shares of `coverage_by`, each with its n."""
    by = data.metric("coverage_by")
    st.html(
        '<div class="vi muted">Of the whole tenant, whatever the filters say; every share stands beside its counts.</div>'
    )
    dimension = st.segmented_control("Who is covered", list(SHARES), key="pick_shares", default="function", required=True,
                                     format_func=lambda code: SHARES[code][0], label_visibility="collapsed")  # fmt: skip
    rows = by.filter(dimension=dimension)
    start = part(SHARES[dimension][0], rows.height, LISTED, f"pick_shares_{dimension}")
    named = pl.col("member_name").fill_null(
        pl.when(pl.col("member").is_null()).then(pl.lit("in none")).otherwise(pl.lit("without a name"))
    )
    listed = rows.slice(start, LISTED)
    codes = job_parts.codes(data.table("jobs")) if dimension == "job" else {
        member.id: code for code, member in data.members(dimension).items()
    } | {None: NONE}  # fmt: skip
    links = leads.column(
        "jobs", ({dimension: codes[key]} if key in codes else None for key in listed["member"]), keep=False
    )
    shown_rows = listed.select(named.alias("Name"), *SHARES[dimension][1])
    shown_rows = cells(shown_rows).insert_column(1, links)
    shares = [column for column in shown_rows.columns if column.startswith("%")]
    looks = {column: st.column_config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100) for column in shares}
    looks[leads.OPEN] = leads.look("Opens these jobs in a new tab")
    st.dataframe(shown_rows, key=f"shares_{dimension}", height="content", hide_index=True, column_config=looks, placeholder="–",
                 alt="How completely each is covered, with its counts")  # fmt: skip
    if said := unknown_counts(rows.select(SHARES[dimension][1])):
        st.html(f'<div class="vi muted">{said}</div>')
    downloads.table(rows, "coverage-shares")


state = st.session_state
view = session.current()
filters.carry("who", "level", "jobs_by", "gap")
data, selection = view.data, view.selection
outcomes, gaps = data.metric("opportunity"), data.metric("coverage_gaps")
live = data.table("jobs").filter("is_live").select("job_id", "job_code", "job_name")
jobs = view.chosen(live)

words.title(finding())
if not live.height:
    st.info(
        "This tenant has no jobs yet. Once jobs are written in the source and linked to roles, run `vital-insights refresh TENANT`."
    )
else:
    if not jobs.height:
        words.nothing_shown(outcomes, selection)
    with st.container(key="wide"):
        left, right = st.columns([1.5, 1], gap="medium")
        with left, st.container(border=True):
            st.header("Who does which job", anchor=False)
            if selection.words:
                within = "that have an outcome within the filters" if selection.by_outcome else "within the filters"
                st.html(f'<div class="vi muted">The map holds the {jobs.height:,} of {words.counted(live.height, "job")} {within}; '
                        "the gaps and shares are of the whole tenant.</div>")  # fmt: skip
            if jobs.height:
                maps()
        with right, st.container(border=True):
            st.header("Gaps and what to do", anchor=False)
            st.html('<div class="vi muted">Of the whole tenant, whatever the filters say.</div>')
            if gaps.height:
                gap_list()
            else:
                st.html(
                    '<div class="vi"><span class="ok">None.</span> Every role has a job, every job a role and an outcome.</div>'
                )
    with st.container(border=True):
        st.header("How completely each is covered", anchor=False)
        completeness()
