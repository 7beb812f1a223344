"""Tests of the theme room."""
