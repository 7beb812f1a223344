"""Tests of insight.rollup."""
