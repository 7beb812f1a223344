"""Tests of the simulation studies."""
