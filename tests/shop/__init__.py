"""Tests of the shop's pages, which are another program's."""
