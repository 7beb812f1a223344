"""Outbound calls: the one guarded client through which this program opens a connection to anybody else's machine."""

from quizfunnel.outbound.client import OutboundClient, Reply
from quizfunnel.outbound.errors import OutboundError

__all__ = ["OutboundClient", "OutboundError", "Reply"]
