"""Tests of orders.reconcile."""
