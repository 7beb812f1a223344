"""Settings of one deployment, read from the environment and from the store's quizfunnel.toml."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from quizfunnel.i18n.languages import TAG
from quizfunnel.settings.addresses import host, host_and_port, link, public_address
from quizfunnel.settings.catalogs import CatalogName, CatalogSource
from quizfunnel.settings.errors import LIKE, SettingsError
from quizfunnel.settings.experiments import Comparison, ExperimentName, Holdout
from quizfunnel.settings.loading import StoredSettings
from quizfunnel.settings.names import PREFIX, SOURCES, store_folder
from quizfunnel.settings.pages_of_shop import PagePattern
from quizfunnel.settings.retention import Retention
from quizfunnel.settings.secrets import SourceSettings, kept_secret, refuse_wrong
from quizfunnel.settings.shop import InvitationSettings, Shop
from quizfunnel.settings.theme import ThemeSettings

KEY_BYTES = 16
_NEW_KEY = "make one with python3 -c 'import secrets; print(secrets.token_hex(32))'"


def _as_json(name: str) -> str:
    """Return how a table is written in the environment."""
    return f" In the environment as JSON: `{LIKE[name]}`"


def _listed(secret: SecretStr) -> tuple[bytes, ...]:
    """Return the secrets that a setting lists with commas, each as bytes."""
    return tuple(part.strip().encode() for part in secret.get_secret_value().split(",") if part.strip())


class Settings(StoredSettings):
    """The settings of one deployment. Use `Settings.load` where a person should be told what is wrong.

    Which order sources there are is known in a higher room, `quizfunnel.orders.sources`; its `StoreSettings` also
    refuses secrets that no source can have.
    """

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
    erasures: Path | None = Field(
        default=None,
        description="The folder of the list of erasures, shared by all machines and kept apart from backups of the "
        "database; without it var/erasures.",
    )
    retention: Retention = Field(
        default_factory=Retention,
        description='For how long each kind of record is kept as a table, by kind: {bodies = "30 days"}.'
        + _as_json("retention"),
    )
    sources: dict[str, SourceSettings] = Field(
        default_factory=dict,
        description="The secrets of order sources as a table, by name: {secret}." + _as_json(SOURCES),
    )
    public_url: str = Field(
        default="",
        description="The address that shoppers use, like https://quiz.example; several with commas, the first is "
        "named in links.",
    )
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
    language: str = Field(
        default="",
        description="The language of the store's shoppers, like de: pages that have it are in it. Without it a page "
        "is in the language that a browser asks for, among those that it has.",
    )
    shop: Shop = Field(
        default_factory=Shop,
        description='The shop that the snippet stands on as a table, by key: {origins = ["https://shop.example"]}.'
        + _as_json("shop"),
    )
    theme: ThemeSettings = Field(
        default_factory=ThemeSettings,
        description='The colours, corners, letters and logo of every page as a table: {name = "linen", accent = '
        '"#9a3f24"}.' + _as_json("theme"),
    )
    invitations: dict[PagePattern, InvitationSettings] = Field(
        default_factory=dict,
        description="Which shop page (a path, * for any rest) invites to which quiz: its name, or {quiz, title, "
        "button, place}." + _as_json("invitations"),
    )
    holdout: Holdout | None = Field(
        default=None,
        description="The share of visitors that no quiz invites: {name, share, window_days}." + _as_json("holdout"),
    )
    comparisons: dict[ExperimentName, Comparison] = Field(
        default_factory=dict,
        description="Two quizzes against each other, by name: {quizzes, share, window_days, door}."
        + _as_json("comparisons"),
    )
    catalogs: dict[CatalogName, CatalogSource] = Field(
        default_factory=dict,
        description="Where quizfunnel catalog pull gets each catalogue: an https address, a file or a folder; or "
        "{from, authorization}." + _as_json("catalogs"),
    )
    private_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Hosts of your own network that this program may call, by http too, like erp.lan or "
        "10.0.0.5:9000; any other must be on the internet, with https.",
    )
    auto_publish: bool | None = Field(
        default=None,
        description="Whether a good file is live when it is saved; without it true on SQLite, and on PostgreSQL false: "
        "there quizfunnel publish does it.",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="What Prometheus sends to read /metrics, 16 characters or more; without it staff alone may. To "
        "rotate, write new,old: either opens.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="text: lines for people; json: one object a line, for a collector of logs."
    )
    log_requests: bool = Field(
        default=False, description="Whether each request is a line in the log: its route, status and milliseconds."
    )

    @field_validator("store")
    @classmethod
    def _absolute(cls, store: Path) -> Path:
        return store.absolute()

    @field_validator("shop_hosts", "private_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        return tuple(host.strip() for host in value.split(",") if host.strip()) if isinstance(value, str) else value

    @field_validator("shop_hosts")
    @classmethod
    def _bare_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(host, hosts))

    @field_validator("private_hosts")
    @classmethod
    def _hosts_with_ports(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for each in hosts:
            host_and_port(each)
        return hosts

    @field_validator("language")
    @classmethod
    def _is_a_language(cls, value: str) -> str:
        if value and not re.fullmatch(TAG, value):
            raise ValueError("must be a language, like de or pt-BR")
        return value

    @field_validator("shop_url", "privacy_url")
    @classmethod
    def _links(cls, address: str) -> str:
        return link(address)

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url.startswith(("postgres://", "postgresql://")):
            url = "postgresql+psycopg://" + url.split("://", 1)[1]
        if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return url

    @field_validator("public_url", mode="before")
    @classmethod
    def _join_addresses(cls, value: object) -> object:
        return ",".join(map(str, value)) if isinstance(value, list | tuple) else value

    @field_validator("public_url")
    @classmethod
    def _whole_addresses(cls, urls: str) -> str:
        addresses = [public_address(url.strip()) for url in urls.split(",") if url.strip()]
        if len({urlsplit(url).scheme for url in addresses}) > 1:
            raise ValueError("must all begin with https://, or all with http:// on this machine")
        return ",".join(addresses)

    @field_validator("metrics_token")
    @classmethod
    def _long_tokens(cls, tokens: SecretStr) -> SecretStr:
        if any(len(token) < KEY_BYTES for token in _listed(tokens)):
            raise ValueError(f"has fewer than {KEY_BYTES} characters; {_NEW_KEY}")
        return tokens

    @field_validator("comparisons")
    @classmethod
    def _one_each(cls, comparisons: dict[str, Comparison]) -> dict[str, Comparison]:
        named = [quiz for comparison in comparisons.values() for quiz in comparison.quizzes]
        twice = next((quiz for quiz in named if named.count(quiz) > 1), None)
        if twice:
            raise ValueError(f"{twice} is in two of them; end one before the other begins")
        return comparisons

    @model_validator(mode="after")
    def _names_apart(self) -> Self:
        if self.holdout and self.holdout.name in self.comparisons:
            raise ValueError(f"holdout and a comparison are both named {self.holdout.name}; rename one of them")
        return self

    @model_validator(mode="after")
    def _files_of_the_theme(self) -> Self:
        for path in self.theme.theme().files():
            if not (self.store / "static" / path).is_file():
                raise ValueError(f"theme: {path} is not in {self.store / 'static'}; put it there, or name another file")
        return self

    @field_validator(SOURCES)
    @classmethod
    def _of_known_kinds(cls, sources: dict[str, SourceSettings]) -> dict[str, SourceSettings]:
        if cls.source_kinds:
            refuse_wrong(sources, cls.source_kinds)
        return sources

    @property
    def var(self) -> Path:
        """The folder for what the program itself writes."""
        return self.store / "var"

    @property
    def database(self) -> str:
        """The database's URL, SQLite in var/ unless one is set."""
        return self.database_url or f"sqlite:///{self.var / 'quizfunnel.sqlite3'}"

    @property
    def erasures_folder(self) -> Path:
        """The folder of the list of erasures, var/erasures unless one is set; a relative one is below the store."""
        return self.store / (self.erasures or self.var / "erasures")

    @property
    def public_urls(self) -> tuple[str, ...]:
        """The addresses that shoppers use, the one for links first."""
        return tuple(url for url in self.public_url.split(",") if url)

    @property
    def publishes(self) -> bool:
        """Tell whether a good file on this machine's disk is published by itself."""
        return not self.database.startswith("postgresql") if self.auto_publish is None else self.auto_publish

    @property
    def disclosures(self) -> Path:
        """The folder of records that were disclosed for the shop to hand on."""
        return self.var / "disclosures"

    @property
    def secure(self) -> bool:
        """Tell whether shoppers come by https, so that cookies can say so."""
        return self.public_url.startswith("https://")

    @property
    def metrics_tokens(self) -> tuple[bytes, ...]:
        """The tokens that open /metrics, none where none is set."""
        return _listed(self.metrics_token)

    def secret_of(self, source: str) -> str:
        """Return the secret of an order source, "" where it has none here."""
        settings = self.sources.get(source)
        return settings.secret.get_secret_value() if settings else ""

    def keys(self) -> tuple[bytes, ...]:
        """Return the signing keys, making var/secret_key (mode 600) where none is set."""
        configured = self.secret_key.get_secret_value()
        if not configured and self.database.startswith("postgresql"):
            raise SettingsError(
                f"{PREFIX}SECRET_KEY is not set: with PostgreSQL every machine must sign with the same key, "
                f"so none is made here; {_NEW_KEY}"
            )
        if not configured:
            configured = kept_secret(self.var / "secret_key")
        keys = _listed(SecretStr(configured))
        if not keys or any(len(key) < KEY_BYTES for key in keys):
            raise SettingsError(f"{PREFIX}SECRET_KEY: a key has fewer than 16 characters; {_NEW_KEY}")
        return keys
