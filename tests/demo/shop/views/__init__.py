"""Tests of demo.shop.views."""
