"""Every setting once: its name, default, meaning and environment name."""

import base64
import binascii
import difflib
import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableSetting

from quizfunnel.stats.defaults import MINIMUM_EFFECT

PREFIX = "QUIZFUNNEL_"
TOML = "quizfunnel.toml"
FROM_FILE = "_FILE"  # QUIZFUNNEL_SECRET_KEY_FILE names a file that holds the secret key
SECRETS = ("database_url", "secret_key", "standard_secret", "shopify_secret", "staff_password")
KEY_BYTES = 16
BESIDES = ("DEMO", "TEST_DATABASE")  # read from the environment, yet no settings of a store
LOOPBACK = ("127.0.0.1", "localhost", "::1")


_LIKE = {
    "invitations": '{"/coffee/*": "coffee"}',
    "holdout": '{"name": "all-year", "share": 0.1}',
    "comparisons": '{"shorter": {"quizzes": ["coffee", "coffee-short"]}}',
}
_NEW_KEY = "make one with python3 -c 'import secrets; print(secrets.token_hex(32))'"


class SettingsError(Exception):
    """A setting, or a combination of them, that cannot work; the text says the remedy."""


def store_folder() -> Path:
    """Return the store's folder: QUIZFUNNEL_STORE, else the current one."""
    return Path(os.environ.get(f"{PREFIX}STORE") or Path.cwd()).absolute()


_Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class Holdout(BaseModel):
    """One share of the store's visitors that no quiz invites: uplifts of several quizzes do not add up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: _Name
    share: Annotated[float, Field(gt=0, le=0.9)]
    window_days: Annotated[int, Field(ge=1, le=90)] = 7
    minimum_effect: Annotated[float, Field(ge=0.01, le=10)] = MINIMUM_EFFECT


class Comparison(BaseModel):
    """Two quizzes against each other on purchases; `share` of the visitors are invited to the second."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quizzes: tuple[_Name, _Name]
    share: Annotated[float, Field(ge=0.01, le=0.99)] = 0.5
    window_days: Annotated[int, Field(ge=1, le=90)] = 7
    minimum_effect: Annotated[float, Field(ge=0.01, le=10)] = MINIMUM_EFFECT

    @field_validator("quizzes")
    @classmethod
    def _two(cls, quizzes: tuple[str, str]) -> tuple[str, str]:
        if quizzes[0] == quizzes[1]:
            raise ValueError(f"names {quizzes[0]} twice; a comparison is of two quizzes")
        return quizzes


class Settings(BaseSettings):
    """The settings of one deployment, from the environment, then from the store's quizfunnel.toml.

    A secret may also stand in a file that ``QUIZFUNNEL_<NAME>_FILE`` names. Use `Settings.load`
    where a person should be told what is wrong.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    store: Path = Field(
        default_factory=store_folder,
        description="The store's folder: quizzes/, models/, templates/, var/; without it the current folder.",
    )
    database_url: str = Field(
        default="", description="Where the database is; without it SQLite in var/quizfunnel.sqlite3."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="The key that signs tokens, 16 characters or more; without it one is made in var/secret_key. "
        "To rotate, write new,old: the first signs, all verify.",
    )
    standard_secret: SecretStr = Field(
        default=SecretStr(""), description="The Standard Webhooks secret (whsec_...) of POST /hooks/standard."
    )
    shopify_secret: SecretStr = Field(
        default=SecretStr(""), description="The secret that Shopify signs POST /hooks/shopify with."
    )
    staff_password: SecretStr = Field(
        default=SecretStr(""), description="Opens the staff pages to other machines; without it loopback only."
    )
    public_url: str = Field(default="", description="The address that shoppers use, like https://quiz.example.")
    proxies: int = Field(default=0, ge=0, le=10, description="How many reverse proxies stand in front.")
    consent: Literal["ask", "off"] = Field(
        default="ask",
        description="ask: nothing is linked before the visitor agrees; off: the store has its own legal ground.",
    )
    shop_url: str = Field(default="", description="The store's home, where shoppers go on; a path or an https URL.")
    shop_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Hosts besides shop_url's that /go/ may lead to."
    )
    privacy_url: str = Field(default="", description="The store's privacy notice.")
    invitations: dict[str, str] = Field(
        default_factory=dict, description="Which shop page (a path, * for any rest) invites to which quiz."
    )
    holdout: Holdout | None = Field(
        default=None, description="The share of visitors that no quiz invites: {name, share, window_days}."
    )
    comparisons: dict[_Name, Comparison] = Field(
        default_factory=dict, description="Two quizzes against each other, by name: {quizzes, share, window_days}."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no .env file is read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours take a name each
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, then secret files, then the store's quizfunnel.toml."""
        given = init_settings.init_kwargs if isinstance(init_settings, InitSettingsSource) else {}
        toml = Path(given.get("store") or store_folder()) / TOML
        files = InitSettingsSource(settings_cls, init_kwargs=secrets_in_files(os.environ))
        return init_settings, env_settings, files, TomlConfigSettingsSource(settings_cls, toml_file=toml)

    @classmethod
    def load(cls) -> Self:
        """Return the settings, or raise SettingsError that names every wrong one, its place and the remedy."""
        toml = store_folder() / TOML
        if not toml.parent.is_dir():
            raise SettingsError(f"{PREFIX}STORE: {toml.parent} is no folder; quizfunnel init DIR makes one")
        try:
            return cls()
        except ValidationError as error:
            lines = [_explain(problem["loc"], problem["msg"], toml) for problem in error.errors(include_input=False)]
            raise SettingsError("\n".join(lines)) from None
        except UnreadableSetting as error:
            # only a table is read as JSON, and only from the environment
            wrong = next((name for name in cls.model_fields if f'"{name}"' in str(error)), "")
            raise SettingsError(
                f"{PREFIX}{wrong.upper()}: is no JSON object; write it like {_LIKE.get(wrong, '{...}')}"
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{toml}: is no TOML: {error}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{toml}: cannot be read: {error}") from None

    @field_validator("store")
    @classmethod
    def _absolute(cls, store: Path) -> Path:
        return store.absolute()

    @field_validator("shop_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        return tuple(host.strip() for host in value.split(",") if host.strip()) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url.startswith(("postgres://", "postgresql://")):
            url = "postgresql+psycopg://" + url.split("://", 1)[1]
        if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return url

    @field_validator("public_url")
    @classmethod
    def _whole_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
            raise ValueError("must be an address without a path, like https://quiz.example")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("must begin with https://, since browsers keep a shopper's cookie only over https")
        return url.rstrip("/")

    @field_validator("comparisons")
    @classmethod
    def _one_each(cls, comparisons: dict[str, Comparison]) -> dict[str, Comparison]:
        named = [quiz for each in comparisons.values() for quiz in each.quizzes]
        twice = next((quiz for quiz in named if named.count(quiz) > 1), None)
        if twice:
            raise ValueError(f"{twice} is in two of them; end one before the other begins")
        return comparisons

    @model_validator(mode="after")
    def _names_apart(self) -> Self:
        if self.holdout and self.holdout.name in self.comparisons:
            raise ValueError(f"holdout and a comparison are both named {self.holdout.name}; rename one of them")
        return self

    @field_validator("standard_secret")
    @classmethod
    def _decodable(cls, secret: SecretStr) -> SecretStr:
        text = secret.get_secret_value().removeprefix("whsec_")
        try:
            size = len(base64.b64decode(text, validate=True))
        except (ValueError, binascii.Error):
            raise ValueError("is no base64; copy it whole, like whsec_MfKQ...") from None
        if text and size < KEY_BYTES:
            raise ValueError("is too short: 16 bytes or more in base64")
        return secret

    @property
    def var(self) -> Path:
        """The folder for what the program itself writes."""
        return self.store / "var"

    @property
    def database(self) -> str:
        """The database's URL, SQLite in var/ unless one is set."""
        return self.database_url or f"sqlite:///{self.var / 'quizfunnel.sqlite3'}"

    @property
    def secure(self) -> bool:
        """Tell whether shoppers come by https, so that cookies can say so."""
        return self.public_url.startswith("https://")

    def keys(self) -> tuple[bytes, ...]:
        """Return the signing keys, making var/secret_key (mode 600) where none is set."""
        configured = self.secret_key.get_secret_value()
        if not configured and self.database.startswith("postgresql"):
            raise SettingsError(
                f"{PREFIX}SECRET_KEY is not set: with PostgreSQL every machine must sign with the same key, "
                f"so none is made here; {_NEW_KEY}"
            )
        if not configured:
            configured = _kept_secret(self.var / "secret_key")
        keys = tuple(key.strip().encode() for key in configured.split(",") if key.strip())
        if not keys or any(len(key) < KEY_BYTES for key in keys):
            raise SettingsError(f"{PREFIX}SECRET_KEY: a key has fewer than 16 characters; {_NEW_KEY}")
        return keys


def secrets_in_files(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets whose files the environment names, by setting."""
    found = {}
    for name in SECRETS:
        variable = f"{PREFIX}{name.upper()}"
        file = environ.get(variable + FROM_FILE)
        if not file:
            continue
        if environ.get(variable):
            raise SettingsError(f"{variable} and {variable}{FROM_FILE} are both set; keep one of them")
        try:
            found[name] = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{variable}{FROM_FILE}: {file} cannot be read: {error}") from None
    return found


def strangers(environ: Mapping[str, str]) -> list[str]:
    """Return a line for every QUIZFUNNEL_ variable that is no setting, with the name that was perhaps meant."""
    known = {f"{PREFIX}{name.upper()}" for name in (*Settings.model_fields, *BESIDES)}
    known |= {f"{PREFIX}{name.upper()}{FROM_FILE}" for name in SECRETS}
    lines = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            lines.append(f"{name} is no setting and changes nothing" + (f"; is {near[0]} meant?" if near else ""))
    return lines


def _explain(loc: tuple[Any, ...], message: str, toml: Path) -> str:
    name = str(loc[0]) if loc else ""
    inside = "".join(f"{part}: " for part in loc[1:])
    variable = f"{PREFIX}{name.upper()}"
    message = inside + _plainly(message.removeprefix("Value error, "))
    if not name:
        return f"{toml}: {message}"
    if name not in Settings.model_fields:
        near = difflib.get_close_matches(name, Settings.model_fields, n=1)
        return f"{toml}: {name} is no setting" + (f"; is {near[0]} meant?" if near else "")
    if variable in os.environ:
        like = f"; write it like {_LIKE[name]}" if name in _LIKE and not inside else ""
        return f"{variable}: {message}{like}"
    if variable + FROM_FILE in os.environ:
        return f"{variable}{FROM_FILE}: {message}"
    return f"{toml}: {name}: {message}"


def _plainly(message: str) -> str:
    """Return what the library says of a table's key in words that name no type of ours."""
    if message == "Field required":
        return "is missing"
    if message == "Extra inputs are not permitted":
        return "is no key of this table"
    if message.startswith("Input should be a valid dictionary or instance"):
        return "is no table of keys and values"
    if message.startswith("String should match pattern"):
        return "must be a name of lower-case letters, digits and hyphens"
    return message


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path.read_text("ascii").strip()
