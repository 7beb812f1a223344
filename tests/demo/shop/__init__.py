"""Tests of demo.shop."""
