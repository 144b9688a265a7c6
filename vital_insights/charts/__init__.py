"""Pictures of the metrics: a frame in, a plotly figure out. The only room that knows plotly."""

from vital_insights.charts.bands import band_shares
from vital_insights.charts.coverage import group_map, route_map
from vital_insights.charts.dumbbell import side_by_side
from vital_insights.charts.examples import worked_examples
from vital_insights.charts.gaps import widest_gaps
from vital_insights.charts.landscape import landscape
from vital_insights.charts.moves import moves, split_changes, widest_moves
from vital_insights.charts.progress import progress_map

__all__ = [
    "band_shares",
    "group_map",
    "landscape",
    "moves",
    "progress_map",
    "route_map",
    "side_by_side",
    "split_changes",
    "widest_gaps",
    "widest_moves",
    "worked_examples",
]
