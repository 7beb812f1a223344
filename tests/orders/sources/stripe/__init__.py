"""Tests of Stripe's events."""
