"""Tests of orders.check."""
