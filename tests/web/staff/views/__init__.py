"""Tests of the staff pages over HTTP."""
