"""Tests of demo.views."""
