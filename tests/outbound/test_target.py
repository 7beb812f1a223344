"""Laws of targets: one reading of an address, and none that two programs could read differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.outbound.errors import OutboundError
from quizfunnel.outbound.target import CallTarget, target

OURS = {"erp.lan": frozenset({9000}), "127.0.0.1": frozenset[int]()}


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://shop.example", CallTarget("https", "shop.example", 443, "/")),
        ("HTTPS://Shop.Example:8443/a?b=c#d", CallTarget("https", "shop.example", 8443, "/a?b=c")),
        ("https://bücher.example/käse?q=ö", CallTarget("https", "xn--bcher-kva.example", 443, "/k%C3%A4se?q=%C3%B6")),
        ("https://1.1.1.1/x%20y", CallTarget("https", "1.1.1.1", 443, "/x%20y")),
        ("https://[2606:4700::0:1111]/", CallTarget("https", "2606:4700::1111", 443, "/")),
        ("http://erp.lan:9000/x", CallTarget("http", "erp.lan", 9000, "/x", is_ours=True)),
        ("http://127.0.0.1/", CallTarget("http", "127.0.0.1", 80, "/", is_ours=True)),
    ],
)
def test_an_address_is_taken_apart(url: str, parts: CallTarget) -> None:
    """As a browser would."""
    assert target(url, OURS) == parts


@pytest.mark.parametrize(
    ("url", "words"),
    [
        *((host, "is no name and no IP address") for host in ("https://2130706433/", "https://0x7f000001/")),
        *(
            (host, "is no name and no IP address")
            for host in ("https://127.1/", "https://0177.0.0.1/", "https://1.2.3/")
        ),
        ("https://shop.example@evil.example/", "name or password"),
        ("https://anna:geheim@shop.example/", "name or password"),
        ("https://shop.example\\@evil.example/", "holds what no address holds"),
        ("https://shop.example/\nHost: evil", "holds what no address holds"),
        ("https://shop.example/a b", "holds what no address holds"),
        ("https://shop.example/" + "a" * 3000, "holds what no address holds"),
        ("https://[fe80::1%25eth0]/", "is no"),
        ("https://shop_example.../", "is no name of a host"),
        ("https://shop.example./", "is no name of a host"),
        ("https://shop.example:99999/", "is no address"),
        ("https:///products.csv", "is no https address"),
        ("ftp://shop.example/", "is no https address"),
        ("file:///etc/passwd", "is no https address"),
        ("products.csv", "is no https address"),
        ("http://shop.example/", "is not https"),
        ("https://shop.example:6379/", "port 6379 is none of 80, 443, 8080 and 8443"),
        ("https://shop.example:9000/", "port 9000"),
        ("https://shop.example:0/", "port 0 "),
        ("http://erp.lan:9001/", 'private_hosts = ["erp.lan:9001"]'),
    ],
)
def test_what_is_no_such_address_is_refused(url: str, words: str) -> None:
    """With what is wrong, and never with a query, where keys stand."""
    with pytest.raises(OutboundError) as raised:
        target(url + "?key=geheim", OURS)
    assert words in str(raised.value)
    assert "geheim" not in str(raised.value)
    assert str(raised.value).isprintable()


@given(st.text(max_size=40), st.sampled_from(["https://", "http://", "", "//"]))
def test_any_text_is_an_address_or_an_error(text: str, scheme: str) -> None:
    """Nothing else is raised, and what is taken is plain ASCII."""
    try:
        found = target(scheme + text, OURS)
    except OutboundError:
        return
    assert (found.host + found.path).isascii()
    assert not set(found.host) & set("/@\\?# ")
