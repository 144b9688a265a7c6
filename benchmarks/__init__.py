"""Benchmarks: ratios within one run, printed as a table with versions. Never a test."""
