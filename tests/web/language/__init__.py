"""Tests of web.language."""
