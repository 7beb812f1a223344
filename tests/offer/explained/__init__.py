"""Tests of offer.explained."""
