"""Redirects, for callers that follow them: each address is judged anew, and none leads into the own network."""

from collections.abc import Mapping
from urllib.parse import urljoin

from quizfunnel.outbound.client import OutboundClient, Reply
from quizfunnel.outbound.errors import CallRefusedError, OutboundError

MOST_HOPS = 3
_KEYS = ("authorization", "cookie")


def get_led(client: OutboundClient, url: str, headers: Mapping[str, str]) -> Reply:
    """Return what an address answers in the end, led on a few times at most; OutboundError as of `get`.

    An address that an answer names is not one that somebody wrote: on another host it has to be of the internet and of
    https, whatever `private_hosts` says, and no key goes there.
    """
    reply = client.get(url, headers)
    for _ in range(MOST_HOPS):
        if not reply.leads_to:
            return reply
        following = _following(url, reply)
        try:
            if not client.is_same_place(url, following):
                client = client.without_own_hosts()
                headers = {name: value for name, value in headers.items() if name.lower() not in _KEYS}
            reply, url = client.get(following, headers), following
        except CallRefusedError as error:
            why = str(error).partition(";")[0]
            raise OutboundError(
                f"{reply.url}: leads on to where no answer may lead ({why}); write that address, if you trust it"
            ) from None
        except OutboundError as error:
            raise OutboundError(f"{reply.url}: leads on to {error}") from None
    if reply.leads_to:
        raise OutboundError(f"{reply.url}: leads on and on; write the address at which the file lies")
    return reply


def _following(url: str, reply: Reply) -> str:
    """Return the address that an answer names; as it stands where it is none, so that calling it says so."""
    location = reply.header("location")
    try:
        return urljoin(url, location)
    except ValueError:
        return location
