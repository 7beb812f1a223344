"""Theme command: `quizfunnel theme` prints a brand's tokens with their contrasts, and draws all states of its pages."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizfunnel.cli.group import in_json, main

if TYPE_CHECKING:
    from quizfunnel.settings import Settings
    from quizfunnel.theme.theme import Theme


@main.command()
@click.option("--name", help="A ready theme to look at, without setting it, below what else [theme] sets.")
@click.option("--preview", type=click.Path(dir_okay=False, path_type=Path), help="Write a page of all states here.")
@click.option("--json", "as_json", is_flag=True, help="Print tokens and contrasts as JSON.")
def theme(*, name: str | None, preview: Path | None, as_json: bool) -> None:
    """Print the tokens of the store's theme with their contrasts.

    Colours that could not be read are refused, with the nearest that can.
    """
    settings = _settings(name)
    worn = settings.theme.theme()
    if as_json:
        click.echo(in_json(_facts(worn)))
    else:
        click.echo("\n".join(_lines(worn, settings.theme.name)))
    if preview:
        from quizfunnel.preview.file import preview as drawn

        preview.write_text(drawn(settings), "utf-8")
        click.echo(f"Every state in both schemes: {preview}; open it in a browser", err=as_json)


def _settings(name: str | None) -> "Settings":
    """Return the store's settings, with another ready theme where one is named."""
    from pydantic import ValidationError

    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.settings import SettingsError, ThemeSettings
    from quizfunnel.settings.errors import plainly

    settings = StoreSettings.load()
    if name is None:
        return settings
    written = settings.theme.model_dump(exclude_unset=True) | {"name": name}
    try:
        return settings.model_copy(update={"theme": ThemeSettings.model_validate(written)})
    except ValidationError as error:
        lines = [plainly(problem["msg"]) for problem in error.errors()]
        raise SettingsError(f"--name {name}: {'; '.join(lines)}") from None


def _lines(worn: "Theme", name: str) -> list[str]:
    from quizfunnel.preview.file import contrasts, swatches
    from quizfunnel.theme.ready import READY
    from quizfunnel.theme.tokens import SHAPES, custom_property

    shapes = worn.tokens().shapes
    lines = [f"Theme: {name}" if name else "Theme: the default, and what [theme] sets"]
    lines += ["", f"{'token':<16} {'light':<8} {'dark':<8}"]
    lines += [
        f"{each.name:<16} {each.colours.light:<8} {each.colours.dark:<8} {each.meaning}" for each in swatches(worn)
    ]
    lines += [f"{custom_property(token):<16} {shapes[token]}" for token in SHAPES]
    lines += ["", f"{'contrast':<22} {'needs':>6} {'light':>6} {'dark':>6}"]
    lines += [f"{each.pair:<22} {each.least:>6} {each.light:>6} {each.dark:>6}" for each in contrasts(worn)]
    ready = ", ".join(READY)
    return [*lines, "", f'Ready themes: {ready}. In quizfunnel.toml, under [theme]: name = "{next(iter(READY))}"']


def _facts(worn: "Theme") -> dict[str, object]:
    from quizfunnel.preview.file import contrasts, swatches
    from quizfunnel.theme.tokens import custom_property

    shapes = {custom_property(token): value for token, value in worn.tokens().shapes.items()}
    return {
        "colours": {each.name: each.colours._asdict() for each in swatches(worn)},
        "shapes": shapes,
        "contrasts": [
            {"pair": each.pair, "needs": float(each.least), "light": float(each.light), "dark": float(each.dark)}
            for each in contrasts(worn)
        ],
    }
