"""Roles of staff, and the rights that each has: the matrix that the gate and docs/staff.md are held to; pure."""

from typing import Final, NamedTuple

ADMIN: Final = "admin"
ANALYST: Final = "analyst"
MERCHANDISER: Final = "merchandiser"
ROLES: Final = (ADMIN, ANALYST, MERCHANDISER)


class Right(NamedTuple):
    """Something that staff may do, in words, and the roles that may."""

    says: str
    roles: tuple[str, ...]


ACCOUNT: Final = Right("One's own account: its password, its sessions", ROLES)
RESULTS: Final = Right("The results as pages", ROLES)
FIGURES: Final = Right("The results as files to take away, JSON and CSV", (ADMIN, ANALYST))
PEOPLE: Final = Right("Other people's accounts: add, change the role, new link, sign out, remove", (ADMIN,))
AUDIT: Final = Right("The record of who did what, and when", (ADMIN,))
MACHINES: Final = Right("The counters of the machines, /metrics", (ADMIN,))
MATRIX: Final = (ACCOUNT, RESULTS, FIGURES, PEOPLE, AUDIT, MACHINES)


def may(role: str, right: Right) -> bool:
    """Tell whether a role has a right."""
    return role in right.roles
