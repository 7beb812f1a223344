"""Run of the connection check: every source that has a secret, or of which anything came."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from quizfunnel.kit.signing import Signer
from quizfunnel.orders.check.counts import count
from quizfunnel.orders.check.figures import Period, nothing
from quizfunnel.orders.check.status import NEW, OLD, ONLY, Checked, status
from quizfunnel.orders.hook_counts import fingerprint
from quizfunnel.orders.sources import SOURCES
from quizfunnel.orders.sources.secrets import each_secret
from quizfunnel.settings import Settings


def check(connection: Connection, settings: Settings, signer: Signer, *, now: datetime, days: int = 1) -> Checked:
    """Return the status of the sources over the last days."""
    period = Period(now - timedelta(days=days), now)
    known = count(connection, period)
    proofs = _fingerprints(settings, signer)
    statuses = [
        status(kind, known.get(kind.name, nothing()), proofs[kind.name])
        for kind in SOURCES
        if proofs[kind.name] or kind.name in known
    ]
    return Checked(period, tuple(statuses))


def _fingerprints(settings: Settings, signer: Signer) -> Mapping[str, Mapping[str, str]]:
    """Return each source's secrets by their fingerprints."""
    secrets = {kind.name: settings.secret_of(kind.name) for kind in SOURCES}
    return {
        name: {fingerprint(signer, name, secret): label for secret, label in _labelled(setting)}
        for name, setting in secrets.items()
    }


def _labelled(setting: str) -> Iterator[tuple[str, str]]:
    """Yield the secrets of a setting with what each of them is; one with a comma may also be a secret as it stands."""
    if not setting:
        return
    parts = each_secret(setting)
    if len(parts) == 1:
        yield parts[0], ONLY
        return
    new, *old, whole = parts
    yield from ((new, NEW), *((each, OLD) for each in old), (whole, ONLY))
