"""Monitoring: each request is counted and has an id, and /metrics gives the counts to Prometheus."""

from quizfunnel.web.monitoring.middleware import install
from quizfunnel.web.monitoring.scrape import Parts, blueprint

__all__ = ["Parts", "blueprint", "install"]
