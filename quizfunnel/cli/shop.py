"""Shop commands: `quizfunnel shop check`."""

import sys
from typing import TYPE_CHECKING

import click

from quizfunnel.cli.group import Refused, in_json, main

if TYPE_CHECKING:
    from quizfunnel.settings import Settings


@main.group("shop")
def shop_group() -> None:
    """Look at the shop whose pages carry the snippet."""


@shop_group.command()
@click.argument("url", default="")
@click.option("--json", "as_json", is_flag=True, help="Print what was seen as JSON.")
def check(url: str, *, as_json: bool) -> None:
    """Look at a page of the shop: the snippet's tag, what keeps it out, who is known for how long.

    Without URL the shop's home. Exit 0 where nothing is in the way, 1 where something is, 2 where the page could not be
    fetched.
    """
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.outbound import OutboundClient, OutboundError
    from quizfunnel.shop.inspection.look import look_at

    settings = StoreSettings.load()
    try:
        seen = look_at(_address(url, settings), settings, OutboundClient(settings.private_hosts))
    except OutboundError as error:
        raise Refused(str(error)) from None
    if as_json:
        click.echo(in_json(seen.as_json()))
    else:
        click.echo(seen.url)
        for sight in seen.sights:
            click.echo(f"  {sight.text()}")
        if seen.policy:
            click.echo("A Content-Security-Policy of the shop needs, beside what it has:")
            click.echo(f"  {'; '.join(seen.policy)}")
    sys.exit(0 if seen.is_good else 1)


def _address(url: str, settings: "Settings") -> str:
    """Return the address to look at; Refused where the settings lack what it is held against."""
    if not settings.public_urls:
        raise Refused(
            'public_url is not set; write public_url = "https://quiz.example", where shoppers open the quizzes'
        )
    home = settings.shop_url if "://" in settings.shop_url else ""
    url = url or home or next(iter(settings.shop.origins), "")
    if not url:
        raise Refused("say which page: quizfunnel shop check https://shop.example/")
    return url if "://" in url else f"https://{url}"
