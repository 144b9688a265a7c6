"""Jobs-to-be-Done and Outcome-Driven Innovation analytics for one tenant at a time."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vital_insights.checking import check
    from vital_insights.insights import Insights, open_tenant
    from vital_insights.pipeline import check_live, refresh

__version__ = "0.1.0"
__all__ = ["Insights", "check", "check_live", "open_tenant", "refresh"]

_HOMES = {
    "Insights": "insights", "check": "checking", "check_live": "pipeline", "open_tenant": "insights", "refresh": "pipeline",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """The public names, each imported when it is first used: `import vital_insights` loads no library."""
    if name not in _HOMES:
        raise AttributeError(f"module 'vital_insights' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(f"vital_insights.{_HOMES[name]}"), name)
