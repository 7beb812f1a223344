"""Secrets: read from files that the environment names, kept in var/, and one for each order source."""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from quizfunnel.settings.errors import SettingsError
from quizfunnel.settings.names import FROM_FILE, PREFIX, SECRETS, SOURCES, source_of, source_secret, variable


class KnownSource(Protocol):
    """A kind of order source, as far as settings know of it."""

    @property
    def name(self) -> str:
        """Name the source as its settings do."""
        ...

    @property
    def meaning(self) -> str:
        """Say what its secret is for."""
        ...

    @property
    def make(self) -> Callable[[str], object]:
        """Make the source of its secret; ValueError for one that it cannot have."""
        ...


class SourceSettings(BaseModel):
    """The settings of one order source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: SecretStr


def secrets_in_files(environ: Mapping[str, str], kinds: Sequence[KnownSource] = ()) -> dict[str, str]:
    """Return the secrets whose files the environment names, by setting."""
    texts = {}
    for name in (*SECRETS, *_secrets_of_sources(environ, kinds, suffix=FROM_FILE)):
        file = environ.get(variable(name) + FROM_FILE)
        if not file:
            continue
        if environ.get(variable(name)):
            raise SettingsError(f"{variable(name)} and {variable(name)}{FROM_FILE} are both set; keep one of them")
        try:
            texts[name] = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{variable(name)}{FROM_FILE}: {file} cannot be read: {error}") from None
    return texts


def secrets_in_variables(environ: Mapping[str, str], kinds: Sequence[KnownSource] = ()) -> dict[str, str]:
    """Return the secrets of order sources that the environment holds, by setting."""
    return {name: environ[variable(name)] for name in _secrets_of_sources(environ, kinds)}


def by_source(settings: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return settings with every ``x_secret`` as ``sources.x.secret``; SettingsError where `place` holds both."""
    rest = {name: value for name, value in settings.items() if source_of(name) is None}
    named = {source: value for name, value in settings.items() if (source := source_of(name))}
    table = rest.get(SOURCES, {})
    if not named or not isinstance(table, Mapping):
        return rest
    if twice := sorted(named.keys() & table.keys()):
        raise SettingsError(
            f"{place}: {source_secret(twice[0])} and {SOURCES}.{twice[0]} are both set; keep one of them"
        )
    return rest | {SOURCES: {**table, **{source: {"secret": value} for source, value in named.items()}}}


def refuse_wrong(sources: Mapping[str, SourceSettings], kinds: Sequence[KnownSource]) -> None:
    """Raise one ValidationError for every source that there is none of and every secret that its kind refuses."""
    known = {kind.name: kind for kind in kinds}
    wrong = []
    for name, source in sources.items():
        secret = source.secret.get_secret_value()
        if name not in known:
            wrong.append(_wrong((name,), f"no source is called {name}; there is: {', '.join(sorted(known))}"))
        elif secret:
            try:
                known[name].make(secret)
            except ValueError as error:
                wrong.append(_wrong((name, "secret"), str(error)))
    if wrong:
        raise ValidationError.from_exception_data(SOURCES, wrong)


def kept_secret(path: Path) -> str:
    """Return the secret in a file, made with mode 600 where it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path.read_text("ascii").strip()


def _secrets_of_sources(environ: Mapping[str, str], kinds: Sequence[KnownSource], *, suffix: str = "") -> Iterator[str]:
    """Yield the settings of order sources' secrets whose variables, with this suffix, the environment has.

    A variable of a source that there is none of is passed over: it may be another program's.
    """
    known = {kind.name for kind in kinds}
    for name in environ:
        if name.startswith(PREFIX) and name.endswith(suffix):
            setting = name.removeprefix(PREFIX).removesuffix(suffix).lower()
            source = source_of(setting)
            if source and variable(setting) + suffix == name and (source in known or not known):
                yield setting


def _wrong(place: tuple[str, ...], message: str) -> InitErrorDetails:
    error = PydanticCustomError("source", "{message}", {"message": message})
    return InitErrorDetails(type=error, loc=place, input=None)
