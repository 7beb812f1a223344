"""Laws of redirects: an answer leads on to the internet's machines alone, a few times, and no key goes along."""

import ssl

import pytest
import trustme

from quizfunnel.outbound import OutboundClient, OutboundError
from quizfunnel.outbound.led import MOST_HOPS, get_led
from tests.outbound.networks import Elsewhere, leading_to
from tests.outbound.servers import answer, saying, speaking

KEY = {"Authorization": "Bearer geheim", "Accept": "text/csv"}


def moved(address: str) -> bytes:
    """Return an answer that leads on."""
    return answer(b"", f"Location: {address}".encode(), status=b"307 Temporary Redirect")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Give an authority that clients of these tests trust."""
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Give what two shops' server and a client need for https."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("sheets.example", "files.example").configure_cert(server)
    authority.configure_trust(client)
    return server, client


def test_it_is_led_on_within_a_host_with_its_key() -> None:
    """By a path, as a shop's export that stands under a name of its own."""
    replies = [moved("/exports/7.csv?x=1"), answer(b"id,title")]
    with speaking(lambda connection: connection.sendall(replies.pop(0))) as server:
        client = OutboundClient([f"127.0.0.1:{server.port}"])
        found = get_led(client, f"http://127.0.0.1:{server.port}/latest.csv", KEY)
    assert (found.status, found.body) == (200, b"id,title")
    assert server.heard[1].startswith(b"GET /exports/7.csv?x=1 ")
    assert b"geheim" in server.heard[1]


def test_no_key_goes_to_another_host(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """A published sheet leads on to a machine of its provider's, whose address is another one each time."""
    replies = [moved("https://files.example/pub/abc?output=csv"), answer(b"id,title")]
    with speaking(lambda connection: connection.sendall(replies.pop(0)), tls[0]) as server:
        client = OutboundClient(resolve=leading_to("1.1.1.1"), beneath=Elsewhere(server.port), tls=tls[1])
        assert get_led(client, "https://sheets.example/d/1/pub?output=csv", KEY).body == b"id,title"
    assert b"Host: files.example" in server.heard[1]
    assert b"geheim" in server.heard[0]
    assert b"geheim" not in server.heard[1]
    assert b"text/csv" in server.heard[1]


@pytest.mark.parametrize(
    "address",
    ["http://erp.lan/", "https://erp.lan/", "https://[fd00::1]/", "ftp://files.example/", "http://files.example/"],
)
def test_no_answer_leads_into_the_own_network(tls: tuple[ssl.SSLContext, ssl.SSLContext], address: str) -> None:
    """Not to a machine that the settings name, which somebody wrote down and no answer may; nor out of https."""

    def resolve(host: str, _port: int) -> list[str]:
        return ["1.1.1.1"] if host.endswith(".example") else ["10.0.0.5"]

    with speaking(saying(moved(address)), tls[0]) as server:
        network = Elsewhere(server.port)
        client = OutboundClient(["erp.lan", "[fd00::1]"], resolve=resolve, beneath=network, tls=tls[1])
        with pytest.raises(
            OutboundError, match=r"^https://sheets.example/x: leads on to where no answer may lead"
        ) as error:
            get_led(client, "https://sheets.example/x?key=geheim", {})
    assert network.connected == ["1.1.1.1"]
    assert "geheim" not in str(error.value)
    assert "private_hosts" not in str(error.value)


@pytest.mark.parametrize("address", ["https://[files", "//[files"])
def test_an_answer_that_names_no_address_is_told(address: str) -> None:
    """Brackets that are never closed are no address to any library."""
    with speaking(saying(moved(address))) as server:
        client = OutboundClient([f"127.0.0.1:{server.port}"])
        with pytest.raises(OutboundError, match=r"no answer may lead \(.*is no address\)"):
            get_led(client, f"http://127.0.0.1:{server.port}/", {})


@pytest.mark.parametrize(
    ("there", "why"), [("1.1.1.2", "no connection"), ("", "the name files.example has no address")]
)
def test_a_fault_of_the_address_led_to_is_told_as_one(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], there: str, why: str
) -> None:
    """It was allowed to lead there: nobody is sent to write another address, which would fail alike."""

    def resolve(host: str, _port: int) -> list[str]:
        return ["1.1.1.1"] if host == "sheets.example" else [there] if there else []

    with speaking(saying(moved("https://files.example/x")), tls[0]) as server:
        client = OutboundClient(resolve=resolve, beneath=Elsewhere(server.port, "1.1.1.2"), tls=tls[1])
        said = rf"^https://sheets.example/x: leads on to https://files.example/x: {why}"
        with pytest.raises(OutboundError, match=said) as error:
            get_led(client, "https://sheets.example/x", {})
    assert "may lead" not in str(error.value)


def test_it_is_not_led_on_for_ever() -> None:
    """Three times, and no more."""
    with speaking(saying(moved("/again"))) as server:
        client = OutboundClient([f"127.0.0.1:{server.port}"])
        with pytest.raises(OutboundError, match="leads on and on"):
            get_led(client, f"http://127.0.0.1:{server.port}/", {})
    assert len(server.heard) == MOST_HOPS + 1
