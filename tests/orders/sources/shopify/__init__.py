"""Tests of Shopify's web hooks."""
