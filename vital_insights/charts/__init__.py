"""Pictures of the metrics: a frame in, a plotly figure out. The only room that knows plotly."""

from vital_insights.charts.bands import band_shares
from vital_insights.charts.gaps import widest_gaps
from vital_insights.charts.landscape import landscape

__all__ = ["band_shares", "landscape", "widest_gaps"]
