"""Tests of kit.yaml."""
