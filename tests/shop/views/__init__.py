"""Tests of what the snippet fetches and tells."""
