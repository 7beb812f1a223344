"""Tests of offer.facts."""
