"""Tests of WooCommerce's web hooks."""
