"""Loading of settings: from the environment, from files of secrets and from the store's quizfunnel.toml."""

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableSetting

from quizfunnel.settings.errors import LIKE, SettingsError, explain, slip
from quizfunnel.settings.names import FROM_FILE, PREFIX, SECRETS, TOML, source_secret, store_folder, variable
from quizfunnel.settings.secrets import KnownSource, by_source, secrets_in_files, secrets_in_variables
from quizfunnel.settings.table_keys import meant

_NO_KEY = "extra_forbidden"


class StoredSettings(BaseSettings):
    """Settings as a store has them: in the environment, else in its quizfunnel.toml.

    A secret may also stand in a file that ``QUIZFUNNEL_<NAME>_FILE`` names.
    """

    source_kinds: ClassVar[Sequence[KnownSource]] = ()

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

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
        by_caller = init_settings.init_kwargs if isinstance(init_settings, InitSettingsSource) else {}
        toml = Path(by_caller.get("store") or store_folder()) / TOML
        written = TomlConfigSettingsSource(settings_cls, toml_file=toml).toml_data
        variables = secrets_in_variables(os.environ, cls.source_kinds)
        files = secrets_in_files(os.environ, cls.source_kinds)
        places = (by_caller, "the arguments"), (variables, ""), (files, ""), (written, str(toml))
        arguments, of_sources, from_files, from_toml = (
            InitSettingsSource(settings_cls, init_kwargs=by_source(values, place)) for values, place in places
        )
        return arguments, of_sources, env_settings, from_files, from_toml

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the name of every setting, those of the order sources' secrets among them."""
        return (*cls.model_fields, *(source_secret(kind.name) for kind in cls.source_kinds))

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        """Return the name of every environment variable that says a setting, or the file of a secret."""
        secrets = (*SECRETS, *(source_secret(kind.name) for kind in cls.source_kinds))
        return (*map(variable, cls.names()), *(variable(name) + FROM_FILE for name in secrets))

    @classmethod
    def load(cls) -> Self:
        """Return the settings, or raise SettingsError that names every wrong one, its place and the remedy."""
        toml = store_folder() / TOML
        if not toml.parent.is_dir():
            raise SettingsError(f"{PREFIX}STORE: {toml.parent} is no folder; quizfunnel init DIR makes one")
        try:
            return cls()
        except ValidationError as error:
            lines = [
                explain(problem["loc"], problem["msg"], toml=toml, settings=cls.names(), given=problem["input"])
                + (meant(cls, problem["loc"]) if problem["type"] == _NO_KEY and problem["loc"][1:] else "")
                for problem in error.errors()
            ]
            raise SettingsError("\n".join(lines)) from None
        except UnreadableSetting as error:
            # only a table is read as JSON, and only from the environment
            wrong = next((name for name in cls.model_fields if f'"{name}"' in str(error)), "")
            raise SettingsError(
                f"{variable(wrong)}: is no JSON object; write it like {LIKE.get(wrong, '{...}')}"
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{toml}: is no TOML: {error}{slip(error, toml)}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{toml}: cannot be read: {error}") from None
