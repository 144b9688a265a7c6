"""Pictures of the metrics: a frame in, a plotly figure out. The only room that knows plotly.

Each takes a `title` and a `footer` (`reports.origin.footer(insights)` has one ready), so that its figure stands alone on a slide, and
has no colours of the page: `in_colours(figure, DARK)` gives it some.
"""

from vital_insights.charts.bands import band_shares
from vital_insights.charts.checks import check_history
from vital_insights.charts.coverage import group_map, route_map
from vital_insights.charts.dumbbell import side_by_side
from vital_insights.charts.evidence import evidence_map
from vital_insights.charts.examples import worked_examples
from vital_insights.charts.gaps import widest_gaps
from vital_insights.charts.kpis import kpi_bars
from vital_insights.charts.landscape import landscape
from vital_insights.charts.moves import moves, split_changes, widest_moves
from vital_insights.charts.network import dependency_graph
from vital_insights.charts.potential import ai_potential
from vital_insights.charts.progress import progress_map
from vital_insights.charts.ranges import score_ranges
from vital_insights.charts.ranked import ranked_bars
from vital_insights.charts.theme import DARK, LIGHT, in_colours
from vital_insights.charts.vpanes import vpanes_bars

__all__ = [
    "DARK",
    "LIGHT",
    "ai_potential",
    "band_shares",
    "check_history",
    "dependency_graph",
    "evidence_map",
    "group_map",
    "in_colours",
    "kpi_bars",
    "landscape",
    "moves",
    "progress_map",
    "ranked_bars",
    "route_map",
    "score_ranges",
    "side_by_side",
    "split_changes",
    "vpanes_bars",
    "widest_gaps",
    "widest_moves",
    "worked_examples",
]
