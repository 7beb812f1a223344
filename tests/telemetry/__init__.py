"""Tests of the counters, the ids of requests and the lines of the log."""
