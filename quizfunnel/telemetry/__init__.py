"""Telemetry: counters of this process, the id of the request under way, and lines of the log; nothing of a person."""
