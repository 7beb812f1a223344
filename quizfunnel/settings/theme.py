"""Theme as settings: a brand's colours, corners, letters and logo, refused where they cannot be read; pure."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from quizfunnel.theme import shapes
from quizfunnel.theme.colour import normal
from quizfunnel.theme.proof import complaints
from quizfunnel.theme.ready import READY
from quizfunnel.theme.theme import FONT_FORMATS, Theme
from quizfunnel.theme.tokens import SETTABLE, SHAPES, TokenSet, TwoSchemes

_PATH = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*")  # below static/, and no address needs an escape
_PICTURES = ("svg", "png", "webp", "avif", "jpg", "jpeg")


def _file(path: str, endings: tuple[str, ...], like: str) -> str:
    if path and not (path.isascii() and _PATH.fullmatch(path) and path.rpartition(".")[2] in endings):
        raise ValueError(f'must be a file in static/ that ends with {", ".join(endings)}, like "{like}"')
    return path


def _logo(path: str) -> str:
    return _file(path, _PICTURES, "logo.svg")


def _font_file(path: str) -> str:
    if not path:
        raise ValueError("is empty; name the file in static/")
    return _file(path, FONT_FORMATS, "fonts/brand.woff2")


def _in_both(value: Any) -> Any:
    return {"light": value, "dark": value} if isinstance(value, str) else value


def _in_light(value: Any) -> Any:
    return {"light": value} if isinstance(value, str) else value


def _names(value: Any) -> Any:
    return shapes.families(value) if value and isinstance(value, list | tuple) and all(map(_is_text, value)) else value


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _zero(value: Any) -> Any:
    return "0" if value == 0 and isinstance(value, int) and not isinstance(value, bool) else value


def _or_none(check: Any) -> AfterValidator:
    return AfterValidator(lambda text: check(text) if text else "")


class SchemeColours(BaseModel):
    """Colour in the light scheme and in the dark one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    light: Annotated[str, AfterValidator(normal)]
    dark: Annotated[str, AfterValidator(normal)]


Colour = Annotated[SchemeColours | None, BeforeValidator(_in_both)]
Fonts = Annotated[str, _or_none(shapes.families), BeforeValidator(_names)]
FontName = Annotated[str, AfterValidator(shapes.family)]


class SchemeLogos(BaseModel):
    """Logo on the light scheme's page and on the dark one's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    light: Annotated[str, AfterValidator(_logo)] = ""
    dark: Annotated[str, AfterValidator(_logo)] = ""


class ThemeSettings(BaseModel):
    """Look of every page, where it is not the shipped one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Literal["", *READY] = Field(  # type: ignore[valid-type]
        default="", description="A ready theme to begin with: linen, harbour or ink. What else is set goes before it."
    )
    accent: Colour = Field(default=None, description="Links, buttons, progress, the chosen answer, the focus ring.")
    on_accent: Colour = Field(default=None, description="Letters on a button; without it white or black.")
    surface: Colour = Field(default=None, description="The page.")
    raised: Colour = Field(default=None, description="Cards and answers; without it a little lighter than the page.")
    text: Colour = Field(default=None, description="Letters.")
    muted: Colour = Field(default=None, description="Help and notes; without it between text and surface.")
    line: Colour = Field(default=None, description="Fine lines around cards; without it between text and surface.")
    radius: Annotated[str, _or_none(shapes.radius), BeforeValidator(_zero)] = Field(
        default="", description='Corners: a length from 0 to 64px, like "14px" or "0.5rem".'
    )
    font: Fonts = Field(default="", description='Letters: names of fonts with commas, like "Georgia, serif".')
    display: Fonts = Field(default="", description="Letters of headings; without it those of the rest.")
    ease: Annotated[str, _or_none(shapes.ease)] = Field(
        default="", description='Motion: a time and a curve, like "180ms ease-out", or "none".'
    )
    font_files: dict[FontName, Annotated[str, AfterValidator(_font_file)]] = Field(
        default_factory=dict,
        description='Fonts of your own by name, files in static/: {"Brand Sans" = "fonts/brand.woff2"}.',
    )
    logo: Annotated[SchemeLogos, BeforeValidator(_in_light)] = Field(
        default_factory=SchemeLogos,
        description='A picture in static/ for the head of every page of shoppers: "logo.svg", or {light = "logo.svg", '
        'dark = "logo-dark.svg"}.',
    )
    logo_alt: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = Field(
        default="", description="What the logo says, for whoever does not see it: mostly the shop's name."
    )

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        if bool(self.logo.light) != bool(self.logo_alt) or (self.logo.dark and not self.logo.light):
            raise ValueError('logo and logo_alt belong together: logo = "logo.svg" and logo_alt = "Fernhill"')
        if failing := complaints(self.theme().look):
            raise ValueError("\ntheme: ".join(failing))
        return self

    def theme(self) -> Theme:
        """Return the theme that pages are drawn by."""
        set_here: dict[str, SchemeColours | None] = {token: getattr(self, token) for token in SETTABLE}
        colours = {token: TwoSchemes(pair.light, pair.dark) for token, pair in set_here.items() if pair}
        own = TokenSet(colours, {token: getattr(self, token) for token in SHAPES if getattr(self, token)})
        return Theme(
            look=own.over(READY[self.name]) if self.name else own,
            font_files=self.font_files,
            logo=self.logo.light,
            logo_dark=self.logo.dark,
            logo_alt=self.logo_alt,
        )


def as_markdown() -> str:
    """Return the table of the theme's settings, as the docs have it."""
    lines = ["| `theme` | meaning |", "| --- | --- |"]
    lines += [f"| `{name}` | {field.description} |" for name, field in ThemeSettings.model_fields.items()]
    return "\n".join(lines) + "\n"
