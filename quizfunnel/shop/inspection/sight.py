"""Sights of a shop's page: one line each on what stands there, and on what keeps the snippet from working; pure."""

from typing import Any, Literal, NamedTuple

Verdict = Literal["ok", "note", "wrong"]


class Sight(NamedTuple):
    """One thing that was looked at: good, worth knowing, or in the way of the snippet."""

    subject: str
    verdict: Verdict
    says: str

    def text(self) -> str:
        """Return the sight in a line."""
        return f"{self.verdict:<5}  {self.subject}: {self.says}"


class Inspection(NamedTuple):
    """Everything that was seen of one page; `policy` are the directives that a policy of the shop needs."""

    url: str
    sights: tuple[Sight, ...]
    policy: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Tell whether nothing is in the way."""
        return not any(sight.verdict == "wrong" for sight in self.sights)

    def as_json(self) -> dict[str, Any]:
        """Return the inspection for a program."""
        return {
            "url": self.url,
            "good": self.is_good,
            "sights": [sight._asdict() for sight in self.sights],
            "policy": list(self.policy),
        }
