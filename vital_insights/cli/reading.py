"""The commands that read the warehouse."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from vital_insights.cli import answers
from vital_insights.cli.answers import Catalogue, Conditions, Engine, Format, Shape, TenantName, Wide, say

MetricName = Annotated[str, typer.Argument(metavar="METRIC", help="A name from: vital-insights metrics.")]
Most = Annotated[int | None, typer.Option(min=0, help="At most so many rows; a table shows 20 unless told.")]
Rows = Annotated[Wide, typer.Option("--format", help="A table for people, all columns as csv or json for machines.")]
SHORT = 20


def tenants(
    source: Annotated[
        bool, typer.Option("--source", help="List those of the source instead of the warehouse.")
    ] = False,
    format: Format = Shape.table,
) -> None:
    """List the tenants that have a snapshot, or those the source has."""
    from vital_insights import insights, settings
    from vital_insights.source import tenants as room

    found = room.of_source(settings.load()) if source else insights.tenants(settings.load())
    rows = [{"slug": t.slug, "id": str(t.id), "name": t.name, "status": t.status} for t in found]
    if format is Shape.json:
        answers.json(rows)
        return
    answers.table(rows)
    if not found:
        say(f"No tenant yet in {settings.load().warehouse.resolve()}. Next: vital-insights refresh TENANT")


def snapshots(tenant: TenantName, format: Format = Shape.table) -> None:
    """List the snapshots of a tenant, newest first."""
    from vital_insights import insights

    rows = [s.told for s in insights.snapshots(tenant)]
    if format is Shape.json:
        answers.json(rows)
        return
    for row in rows:
        anyway = " · published although critical checks failed" if row["published_anyway"] else ""
        say(
            f"{row['snapshot']}  {row['rows'] or 0:,} source rows, {row['rejected']} values rejected{anyway}\n    {row['verdict']}"
        )


def metrics(
    metric: Annotated[str | None, typer.Argument(metavar="METRIC", help="One metric: show its columns.")] = None,
    format: Annotated[
        Catalogue, typer.Option("--format", help="A table for people, JSON, or the text of docs/metrics.md.")
    ] = Catalogue.table,
) -> None:
    """List the metrics: what each says, why it matters, one row a what. With a name, the columns of that one."""
    from vital_insights import insights, settings
    from vital_insights.reports import catalogue

    found = insights.catalogue(metric, insights.own_metrics(settings.load().metrics))
    if format is Catalogue.json:
        answers.json(found)
    elif format is Catalogue.markdown:
        typer.echo(catalogue.markdown(found), nl=False)
    elif metric is None:
        catalogue.metrics(found)
    else:
        catalogue.columns(found[0])


def show(
    tenant: TenantName,
    metric: MetricName,
    where: Conditions = None,
    limit: Most = None,
    format: Rows = Wide.table,
    engine: Annotated[
        Engine, typer.Option(help="Read what the refresh stored, or compute it from the raw tables on another engine.")
    ] = Engine.duckdb,
) -> None:
    """Show a metric of a tenant's newest snapshot, best first."""
    from vital_insights import insights
    from vital_insights.reports import tables

    wanted = answers.conditions(where)
    with insights.open_tenant(tenant) as opened:
        most = limit if limit is not None else (SHORT if format is Wide.table else None)
        frame = opened.metric(metric, where=wanted, limit=most, engine=engine)
        if format is Wide.table:
            shown = frame.select(c for c in opened.shown_columns(metric) if c in frame.columns)
            answers.table(tables.as_text(shown))
            for line in tables.unknown(shown, lambda: opened.lacking(metric)):
                say(line)
            total = opened.count(metric, where=wanted, engine=engine)
            at = f"{opened.snapshot.taken_at:%d %b %Y %H:%M} UTC"
            more = "" if frame.height == total else " · --limit shows more, --format csv all"
            say(f"{frame.height} of {total:,} rows · {opened.tenant.name} · taken {at}{more}")
        else:
            typer.echo(tables.csv(frame) if format is Wide.csv else tables.as_json(frame), nl=format is Wide.json)


def explain(
    tenant: TenantName,
    metric: MetricName,
    key: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KEY...",
            help="What one row is, as `metrics` lists it, in that order: an id, or a code or name that means one row; '' for none.",
        ),
    ] = None,
    format: Format = Shape.table,
) -> None:
    """Explain one number: its inputs, the formula with the numbers in it, how sure it is, its source rows, its snapshot."""
    from vital_insights import insights
    from vital_insights.reports import explained

    with insights.open_tenant(tenant) as opened:
        found = opened.explain(metric, *(part or None for part in key or []))
    if format is Shape.json:
        answers.json(found.as_dict())
    else:
        explained.explanation(found)


def compare(
    tenant: TenantName,
    older: Annotated[
        str | None, typer.Argument(metavar="OLDER", help="An older snapshot; unless named, the one before the newest.")
    ] = None,
    limit: Most = None,
    format: Rows = Wide.table,
) -> None:
    """Compare the newest snapshot with an older one: what appeared, vanished and moved, and which input moved it."""
    from vital_insights import insights
    from vital_insights.reports import explained, tables

    with insights.open_tenant(tenant) as opened:
        found = opened.compare(older)
    if format is Wide.table:
        explained.comparison(found, SHORT if limit is None else limit)
        return
    rows = found.rows if limit is None else found.rows.head(limit)
    if format is Wide.csv:
        typer.echo(tables.csv(rows), nl=False)
    else:
        changes = [{"what": m.what, "older": m.older, "newer": m.newer} for m in found.method_changes]
        told: dict[str, Any] = {"older": found.older, "newer": found.newer, "summary": found.summary}
        answers.json({**told, "method_changes": changes, "rows": rows.to_dicts()})
