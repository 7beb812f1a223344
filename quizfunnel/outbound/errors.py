"""Outbound errors: a call that was refused here or came to nothing there; pure."""


class OutboundError(Exception):
    """A call that was not made, or not answered; the text says which, why, and what to do."""


class CallRefusedError(OutboundError):
    """A call that is never made as it is written, whoever might answer there."""
