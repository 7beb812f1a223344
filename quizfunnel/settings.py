"""Every setting once: its name, default, meaning and environment name."""

import base64
import binascii
import os
import secrets
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PREFIX = "QUIZFUNNEL_"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(Exception):
    """A setting, or a combination of them, that cannot work; the text says the remedy."""


class Settings(BaseSettings):
    """The settings of one deployment, from the environment, then from the store's quizfunnel.toml.

    A secret may also stand in a file that ``QUIZFUNNEL_<NAME>_FILE`` names.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    store: Path = Field(default=Path(), description="The store's folder: quizzes/, models/, templates/, var/.")
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
        default="ask", description="ask: nothing is linked before the visitor agrees; off: the store has its own legal ground."
    )
    shop_url: str = Field(default="", description="The store's home, where shoppers go on; a path or an https URL.")
    shop_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Hosts besides shop_url's that /go/ may lead to."
    )
    privacy_url: str = Field(default="", description="The store's privacy notice.")
    invitations: dict[str, str] = Field(
        default_factory=dict, description="Which shop page (a path, * for any rest) invites to which quiz."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, then quizfunnel.toml in the store's folder."""
        toml = store_folder() / "quizfunnel.toml"
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=toml)

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
        return url.rstrip("/")

    @field_validator("standard_secret")
    @classmethod
    def _decodable(cls, secret: SecretStr) -> SecretStr:
        text = secret.get_secret_value().removeprefix("whsec_")
        try:
            size = len(base64.b64decode(text, validate=True))
        except (ValueError, binascii.Error):
            raise ValueError("is no base64; copy it whole, like whsec_MfKQ...") from None
        if text and size < 16:
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
        if not configured:
            configured = _kept_secret(self.var / "secret_key")
        keys = tuple(key.strip().encode() for key in configured.split(",") if key.strip())
        if not keys or any(len(key) < 16 for key in keys):
            raise SettingsError(
                f"{PREFIX}SECRET_KEY: a key has fewer than 16 characters; make one with "
                "python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return keys


def store_folder() -> Path:
    """Return the store's folder: QUIZFUNNEL_STORE, else the current one."""
    return Path(os.environ.get(f"{PREFIX}STORE") or Path.cwd()).absolute()


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path.read_text("ascii").strip()
