"""How the numbers come about, in plain words, with this tenant's own as the worked example."""

from typing import Any

import downloads
import leads
import pictures
import polars as pl
import session
import streamlit as st
import words
from style import text

from vital_insights.charts import worked_examples
from vital_insights.charts.wording import exact, sum_of

PAGE = {"title": "Method", "icon": ":material/menu_book:", "place": 10, "group": "Can I trust it"}

REGIONS = {
    "underserved": "the score is above {underserved_above}: needed and not served",
    "table_stakes": "importance and satisfaction are both {table_stakes_from} or more: needed, and served",
    "overserved": "satisfaction is above importance: more than is needed",
    "appropriately_served": "everything else",
}
ROUTES = {
    "inherited": "the persona's role does the job",
    "direct": "a link from the persona to the job, without the role",
    "both": "the role does the job, and there is a link as well",
}
WORDS = {
    "Job": "something people try to get done",
    "Outcome": "a measure of success for a job, such as “minimize the time it takes to …”",
    "Importance, satisfaction": "how much an outcome matters and how well it is served today, 0 to 10 each",
    "Opportunity": "the score of an outcome, 0 to 20",
    "Band": "what a score means for priorities: HIGH, MEDIUM, LOW or UNSCORED",
    "Region": "where an outcome lies on the landscape; it is not the band, and both are kept",
    "Role, persona": "who does jobs in the organisation; an archetype of the people in a role, who inherits its jobs",
    "Coverage": "who has which job, and by which route",
    "AI opportunity": "where a machine could help with a job; it has nothing to do with the opportunity score",
    "Snapshot": "this tenant at one instant; every number on these pages comes from one",
    "Verdict": "what the data checks said of the snapshot",
}
LEAST = 5  # outcomes of a job whose means are compared
CSS = """<style>
.vi.prose {max-width: 46rem} .vi.prose p {margin: .4rem 0} .vi.prose h2 {font-size: 1.1rem; font-weight: 600; margin: .8rem 0 .2rem}
.vi.prose dl {grid-template-columns: 11rem 1fr} .vi.example {border-left: 3px solid; padding-left: .8rem; margin: .6rem 0}
@media (max-width: 720px) {.vi.prose dl {grid-template-columns: 1fr} .vi.prose dd {margin-bottom: .5rem}}
</style>"""


def prose(*parts: str) -> None:
    st.html(f'<div class="vi prose">{"".join(parts)}</div>')


def listed(meanings: dict[str, str]) -> str:
    """Words and what they mean; the meanings are HTML already."""
    return f"<dl>{''.join(f'<dt>{word}</dt><dd>{meaning}</dd>' for word, meaning in meanings.items())}</dl>"


def examples() -> pl.DataFrame:
    """The highest score, the MEDIUM nearest below HIGH, and an outcome without a score, as far as the tenant has them."""
    by_score = outcomes.sort("score", "statement", "outcome_id", descending=[True, False, False], nulls_last=True)
    picked = [by_score.filter(pl.col("band") != "UNSCORED").head(1), by_score.filter(band="MEDIUM").head(1)]
    return pl.concat([*picked, by_score.filter(band="UNSCORED").head(1)]).unique("outcome_id", maintain_order=True)


def example(row: dict[str, Any]) -> str:
    if row["score"] is None:
        rated = {name: row[name] for name in ("importance", "satisfaction")}
        said = ", ".join(
            f"{name} {'is not rated' if value is None else 'is ' + exact(value)}" for name, value in rated.items()
        )
        sums, why = (
            said[0].upper() + said[1:],
            "So there is no score: not 0, and not LOW. It is UNSCORED and counted as such.",
        )
    else:
        sums = sum_of(row).replace(" - ", " − ")
        why = f"That is {meanings[row['band']]}, so {row['band']}."
        if row["band"] == "MEDIUM" and row["score"] == told["high_above"]:
            why += " HIGH begins above the line, not on it."
    return (f'<div class="example"><b>{text(row["statement"], "no statement")}</b><br><span class="muted">{text(row["job_name"], "no job")}'
            f'</span><p class="sum">{text(sums)}</p><p>{text(why)}</p></div>').replace('class="example"', 'class="vi example"')  # fmt: skip


def score_and_bands() -> None:
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        prose(f"<p>An outcome is worth acting on when it matters much and is served badly:</p><p class='sum'>opportunity = "
              f"{text(told['formula'].replace(' - ', ' − '))}</p><p>Both run from 0 to 10, so the score runs from 0 to 20. Satisfaction "
              "beyond importance takes nothing away. Scores are exact decimals; nothing is rounded before it is shown.</p>")  # fmt: skip
        prose("<h2>Three of your own</h2>", *(example(row) for row in picked.iter_rows(named=True)))
        counts = dict(outcomes.group_by("band").len().iter_rows())
        prose(f"<h2>Bands ({text(told['band_scheme'])})</h2>", listed({
            band: f"{text(meaning)} <span class='muted'>· {counts.get(band, 0):,} of {words.counted(outcomes.height, 'outcome')}, "
                  f"{words.share(counts.get(band, 0), outcomes.height)}</span> "
                  f"{leads.link('outcomes', 'list', keep=False, band=band) if counts.get(band) else ''}"
            for band, meaning in meanings.items()
        }))  # fmt: skip
    with right:
        figure = worked_examples(picked, table_stakes_from=float(told["table_stakes_from"]))
        pictures.draw(figure, "examples",
                      alt="The landscape with its bands, contours and corners named, and the scored examples on it")  # fmt: skip
        downloads.figure(figure, "method")


def how_sure() -> None:
    d = told["score_tolerance"]
    if d is None:
        prose("<p>No tolerance was set for this snapshot, so nothing is said about how sure a score is.</p>")
        return
    prose(f"<p>Ratings are rounded and judged. So each may be off by <b>{exact(d)}</b>, on its own and in either direction, and the score "
          "is worked out for the worst and the best of these. These are worst cases, not samples.</p>",
          listed({
              "Stays HIGH": "HIGH even in the worst case",
              "Top 50 for sure": "even in the worst case no more than 49 outcomes come above it",
              "Leaves HIGH at": "how well it would have to be served to be HIGH no longer",
              "Rank": "its place in the whole snapshot; a filter never ranks anew",
          }))  # fmt: skip
    high = outcomes.filter(band="HIGH")
    top = outcomes.filter(pl.col("rank_worst") <= 50).height
    prose(f"<p>Here {high.filter('band_firm').height:,} of {words.counted(high.height, 'HIGH outcome')} stay HIGH, and {top:,} are in the "
          f"top 50 for sure. {leads.link('outcomes', 'The surest first', keep=False, band='HIGH', sort='sure')}</p>")  # fmt: skip
    for row in picked.filter(pl.col("score").is_not_null()).iter_rows(named=True):
        change = row["satisfaction_to_leave_high"]
        leaves = (
            ""
            if change is None
            else f" It leaves HIGH once satisfaction reaches {exact(change)}; now it is {exact(row['satisfaction'])}."
        )
        firm = f"stays {row['band']}" if row["band_firm"] else f"may be {row['band_low']} or {row['band_high']}"
        sums = text(sum_of(row).replace(" - ", " − "))
        prose(f"<div class='vi example'><b>{text(row['statement'], 'no statement')}</b><p>{sums}, but anything "
              f"from {exact(row['score_low'])} to {exact(row['score_high'])} is possible, so it {firm}. Rank {row['rank']:,}, "
              f"at best {row['rank_best']:,}, at worst {row['rank_worst']:,}.{leaves}</p></div>")  # fmt: skip


def regions() -> None:
    limits = {name: exact(told[name]) for name in ("underserved_above", "table_stakes_from")}
    counts = dict(outcomes.group_by("region").len().iter_rows())
    prose("<p>The landscape says something else than the band: importance to the right, satisfaction upwards, and the first of these "
          "that fits. An outcome in MEDIUM may be under-served, and one that is over-served may be MEDIUM.</p>",
          listed({words.REGIONS[region].capitalize(): f"{meaning.format(**limits)} <span class='muted'>· {counts.get(region, 0):,}</span>"
                  for region, meaning in REGIONS.items()}))  # fmt: skip
    words.lead("outcomes", "List the outcomes with their regions", keep=False, columns="rank,outcome,region,score,band")


def farthest_apart() -> dict[str, Any] | None:
    """Of the jobs with LEAST scored outcomes the one where the two means differ most, the first of equals; None without any."""
    means = [pl.col(name).sum().cast(pl.Float64) / pl.len() for name in ("score", "importance", "satisfaction")]
    jobs = (
        outcomes.filter(pl.col("score").is_not_null() & pl.col("job_id").is_not_null())
        .group_by("job_id", maintain_order=True)
        .agg(*means, pl.len().alias("n"), pl.col("job_name").first(), pl.col("score").max().alias("best"),
             (pl.col("band") == "HIGH").sum().alias("n_high"))
        .filter(pl.col("n") >= LEAST)
        .with_columns(of_means=pl.col("importance") + (pl.col("importance") - pl.col("satisfaction")).clip(lower_bound=0))
        .sort(pl.col("score") - pl.col("of_means"), descending=True, maintain_order=True)
    )  # fmt: skip
    return jobs.row(0, named=True) if jobs.height else None


def roll_ups() -> None:
    prose("<p>Where outcomes are gathered by function, role or job, the figure is the <b>mean of the scores</b>, never the score of the "
          "mean ratings. In a mean of ratings one over-served outcome hides the gap of another; in a mean of scores it cannot. And "
          "because any mean hides the one outcome that matters, the count per band and the highest score stand beside it.</p>")  # fmt: skip
    widest = farthest_apart()
    if widest:
        prose(f"<div class='vi example'><b>{text(widest['job_name'], 'A job without a name')}</b><p>Its {widest['n']:,} scored outcomes: "
              f"mean of scores <b>{widest['score']:.2f}</b>, score of means <b>{widest['of_means']:.2f}</b>, highest score "
              f"{exact(widest['best'])}, {widest['n_high']:,} HIGH. Of the jobs with at least {LEAST} scored outcomes the two differ most "
              "here.</p></div>")  # fmt: skip
    prose("<p>In a tree of functions or domains an outcome counts once for every unit above it. What belongs to none is a row of its "
          "own, so that nothing vanishes.</p>")  # fmt: skip


def coverage() -> None:
    live = data.table("jobs").filter("is_live").select("job_id")
    counts = dict(data.table("persona_jobs").join(live, on="job_id", how="semi").group_by("route").len().iter_rows())
    said = {route: f"{words.counted(counts.get(route, 0), 'pair')} of a persona and a job" for route in ROUTES}
    prose("<p>A persona has every job of its role. A direct link counts beside it, and the route is kept. Retired jobs are left out.</p>",
          listed({route.capitalize(): f"{meaning} <span class='muted'>· {said[route]}</span>"
                  for route, meaning in ROUTES.items()}))  # fmt: skip
    words.lead("coverage", "See who has which job", keep=False, who="persona")


def not_counted() -> None:
    inside = [pl.col(name).is_between(0, 10) for name in ("importance", "satisfaction")]
    bare = outcomes.filter(band="UNSCORED")
    missing = pl.any_horizontal(pl.col("importance", "satisfaction").is_null())
    outside = bare.filter(~missing & ~pl.all_horizontal(inside))
    prose(f"<p><b>{told['n_unscored']:,}</b> of {words.counted(told['n_outcomes'], 'outcome')} have no score: "
          f"{bare.filter(missing).height:,} lack a rating, {outside.height:,} have one outside 0 to 10. "
          "They are UNSCORED: a band of its own in every count, ranked by nobody, and in no mean.</p>"
          f"<p><b>{told['n_rejected']:,}</b> values of the source did not fit their type and were left out; the data checks list them.</p>"
          "<p>What the source has no place for is unknown and said to be unknown; it is never counted as 0.</p>")  # fmt: skip
    words.lead("outcomes", "List the outcomes without a score", keep=False, band="UNSCORED")
    words.lead("quality", "See the data checks", keep=False)


def snapshot() -> None:
    prose(listed({
        "Tenant": text(data.tenant.name),
        "Snapshot": f"{words.instant(told['taken_at'])} <span class='muted'>{text(told['snapshot_id'])}</span>",
        "Computed by": f"version {text(told['package_version'])}", "Bands": text(told["band_scheme"]),
        "Tolerance": "none was set" if told["score_tolerance"] is None else exact(told["score_tolerance"]),
        "Outcomes": f"{told['n_outcomes']:,}, of which {told['n_scored']:,} scored and {told['n_unscored']:,} not",
        "Values left out": f"{told['n_rejected']:,}", "Data checks": text(data.verdict().summary()),
    }))  # fmt: skip


view = session.current()
data = view.data
outcomes, told = data.metric("opportunity"), words.method(data)
words.title(f"How the numbers of {data.tenant.name} come about")
st.html(f'{CSS}<div class="vi muted">Of the whole tenant, whatever the filters say. After A. W. Ulwick’s outcome-driven innovation; not '
        "affiliated with Strategyn.</div>")  # fmt: skip
if told is None:
    st.info(
        "This snapshot was made before the method was recorded with it. `vital-insights refresh TENANT` makes a new one."
    )
else:
    meanings, picked = words.bands(data), examples()
    parts = {
        "Score and bands": score_and_bands, "How sure": how_sure, "Regions": regions, "Means": roll_ups, "Coverage": coverage,
        "Not counted": not_counted, "Words": lambda: prose(listed(WORDS)), "This snapshot": snapshot,
    }  # fmt: skip
    with st.container(key="wide"):
        for tab, part in zip(st.tabs([*parts], key="method_tabs"), parts.values(), strict=True):
            with tab:
                part()
