"""When an offer may be seen; pure."""


def is_open(*, finished: bool, unanswered: str | None) -> bool:
    """Tell whether products may be shown: the attempt is finished and no question on its path waits."""
    return finished and unanswered is None
