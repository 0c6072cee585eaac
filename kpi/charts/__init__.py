"""Panel to figures: plain dictionaries for Plotly and small SVG paths. Colours are roles; the theme lives in charts.js.

Nothing is computed here but places on a canvas: every figure is one the panel already shows.
"""

from kpi.charts.beside import Drawn, beside
from kpi.charts.multiples import Multiple, multiples
from kpi.charts.sparks import Spark, sparks
from kpi.charts.tables import broken, summaries, trend_table, youngest
from kpi.charts.trends import trends
from kpi.charts.waterfall import axis_is_cut, waterfall

__all__ = [
    "Drawn",
    "Multiple",
    "Spark",
    "axis_is_cut",
    "beside",
    "broken",
    "multiples",
    "sparks",
    "summaries",
    "trend_table",
    "trends",
    "waterfall",
    "youngest",
]
