"""The sample tenants as a warehouse, and the pages that show them."""

from __future__ import annotations

import sys
from pathlib import Path

DASHBOARDS = Path(__file__).parent.parent / "dashboards"
SLUGS = ("aldermoor", "carewick")


def refreshed(server: str, warehouse: Path) -> Path:
    """A new warehouse with a snapshot of each sample tenant."""
    from vital_insights.demo import fill
    from vital_insights.pipeline import refresh
    from vital_insights.settings import Settings

    url = fill.ensure_database(server)
    fill.fill(url)
    settings = Settings(source_url=fill.create_reader(url), warehouse=warehouse)
    for slug in SLUGS:
        refresh(slug, settings=settings)
    return warehouse


def pages() -> dict[str, dict[str, str]]:
    """What each page says of itself, its title and its group among it, by the name of its file."""
    sys.path.insert(0, str(DASHBOARDS))
    import navigation

    return navigation.declared()
