"""Tests of the benchmarks' own sums."""
