"""Consent: whether a visitor may be remembered; pure."""

COOKIE = "qf_consent"
CHOICES = ("yes", "no")


def given(mode: str, cookie: str | None, *, opted_out: bool) -> bool:
    """Tell whether this visitor's answers may be linked to later orders.

    `mode` is `ask` or `off`; `opted_out` is Global Privacy Control (the header Sec-GPC: 1), which
    wins over everything, as does a visitor's own no.
    """
    if opted_out or cookie == "no":
        return False
    return mode == "off" or cookie == "yes"
