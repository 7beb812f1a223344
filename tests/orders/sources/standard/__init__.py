"""Tests of Standard Webhooks."""
