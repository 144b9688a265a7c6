"""Suites in, verdict out: the only room that knows Great Expectations, and it knows it only in a process of its own."""

from vital_insights.quality.process import QualityProcess
from vital_insights.quality.suites import Suite, load, refuse_doubles, refuse_strangers, rule
from vital_insights.quality.verdict import Check, Verdict

__all__ = ["Check", "QualityProcess", "Suite", "Verdict", "load", "refuse_doubles", "refuse_strangers", "rule"]
