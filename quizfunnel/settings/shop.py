"""A shop as settings: the pages that the snippet stands on, the consent that it hears, and invitations; pure."""

import re
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from quizfunnel.settings.addresses import host, link, public_address
from quizfunnel.settings.pages_of_shop import Selector

_PLACES = re.compile(r"\{(product_id|sku)\}")
_BRACES = re.compile(r"[{}]")
_PORTS = {"http": 80, "https": 443}  # go without saying


def _origin(address: str) -> str:
    """Return an origin as browsers send it; ValueError for what no browser sends."""
    if "*" in address:
        raise ValueError("must be one address, like https://shop.example; * fits none, so list each that shoppers use")
    try:
        parts = urlsplit(public_address(address).lower())
    except ValueError as error:
        raise ValueError(str(error).replace("https://quiz.example", "https://shop.example")) from None
    name = parts.hostname or ""
    name = f"[{name}]" if ":" in name else host(name)
    port = f":{parts.port}" if parts.port not in (None, _PORTS[parts.scheme]) else ""
    return f"{parts.scheme}://{name}{port}"


def _pattern(address: str) -> str:
    """Return an address with the place of a product's id or SKU; ValueError for one that has none."""
    if not address:
        return ""
    plain, places = _PLACES.subn("0", address)
    if not places or _BRACES.search(plain):
        raise ValueError("must have {product_id} or {sku} where the product's stands, and no other braces")
    link(plain)
    return address


Origin = Annotated[str, AfterValidator(_origin)]
EventName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class InvitationSettings(BaseModel):
    """Invitation of a shop's pages to a quiz: a quiz's name alone, or a table with words and a place of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quiz: str
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    button: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    place: Selector = ""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"quiz": value}
        if not isinstance(value, dict | InvitationSettings):
            # pydantic takes no TypeError for an answer
            raise ValueError(  # noqa: TRY004
                'must be a quiz, like "coffee", or a table like {quiz = "coffee", title = "..."}'
            )
        return value


class BannerWords(BaseModel):
    """Words of our own question of consent in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Words
    yes: Annotated[Words, StringConstraints(max_length=30)]
    no: Annotated[Words, StringConstraints(max_length=30)]
    notice: Annotated[Words, StringConstraints(max_length=60)]


class Shop(BaseModel):
    """The shop whose pages carry the snippet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origins: tuple[Origin, ...] = Field(
        default=(),
        description="The shop's origins, exactly as browsers show them: https://shop.example. Their pages alone may "
        "use the snippet and show a quiz in a frame; without one there is no snippet.",
    )
    platform: Literal["", "shopify", "woocommerce"] = Field(
        default="",
        description="shopify or woocommerce: how the token gets into the cart, and products from an offer; without it "
        "the page's own code does it, by the event qf:token.",
    )
    consent_adapter: Literal["", "call", "shopify", "wordpress", "tcf", "google"] = Field(
        default="",
        description='Where consent = "ask" hears of the shop\'s banner: call (the page calls qf.push(["consent", '
        "true])), shopify, wordpress, tcf (IAB) or google (consent mode). Without it, and without consent_banner, "
        "nobody is drawn.",
    )
    consent_banner: bool = Field(
        default=False, description="Whether the snippet asks for consent itself, for a shop without a banner."
    )
    banner_words: dict[Language, BannerWords] = Field(
        default_factory=dict,
        description='The banner\'s words by language: {de = {text = "...", yes = "...", no = "...", notice = "..."}}.',
    )
    place: Selector = Field(
        default="", description="A CSS selector of the invitation's place, beside elements with data-qf."
    )
    events: tuple[EventName, ...] = Field(
        default=("basket", "product"), description='Names that qf.push(["event", NAME]) may record.'
    )
    new_visitors_a_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=30, description="How many new visitors a minute one network may bring; the rest is not recorded."
    )
    add_url: Annotated[str, AfterValidator(_pattern)] = Field(
        default="",
        description="The address that puts a product into the cart, with {product_id} or {sku} in its place.",
    )

    @field_validator("origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_banner(self) -> Self:
        if self.consent_banner and self.consent_adapter:
            raise ValueError("consent_banner is for a shop without a banner, and consent_adapter names one; keep one")
        return self

    @property
    def hears_consent(self) -> bool:
        """Tell whether a visitor's consent can reach the snippet: by the shop's banner, or by ours."""
        return bool(self.consent_adapter) or self.consent_banner


def as_markdown() -> str:
    """Return the table of the shop's settings, as the docs have it."""
    lines = ["| `shop` | default | meaning |", "| --- | --- | --- |"]
    for name, field in Shop.model_fields.items():
        plain = field.default_factory or field.default in ("", ())
        lines.append(f"| `{name}` | {'' if plain else f'`{_toml(field.default)}`'} | {field.description} |")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower()
