"""Tests of files of orders."""
