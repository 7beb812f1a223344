"""Tests of offer.links."""
