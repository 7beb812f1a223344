"""Gate: no offer is seen before its attempt is finished; pure."""


def is_open(*, finished: bool, unanswered: str | None) -> bool:
    """Tell whether products may be shown: the attempt is finished and no question on its path waits."""
    return finished and unanswered is None
