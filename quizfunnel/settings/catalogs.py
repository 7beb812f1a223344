"""Catalogues as settings: where each is pulled from; pure."""

from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

SCHEMES = ("https://", "http://")


def catalog_name(name: str) -> str:
    """Return a catalogue's file as quizzes name it; ValueError for one that cannot lie among them."""
    path = PurePosixPath(name)
    if path.is_absolute() or not path.name or ".." in path.parts or "\\" in name or not name.isprintable():
        raise ValueError('must be a file as quizzes name it, like "catalogs/coffee.csv"')
    if len(path.parts) == 1 and path.suffix in (".yaml", ".yml"):
        raise ValueError('must lie in a folder of its own, like "catalogs/coffee.yaml": beside the quizzes it is one')
    return str(path)


CatalogName = Annotated[str, AfterValidator(catalog_name)]


class CatalogSource(BaseModel):
    """Source of a catalogue, into which the store's export writes: an https address, a file, or a folder."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    place: str = Field(alias="from", min_length=1)
    authorization: SecretStr = Field(default=SecretStr(""))

    @model_validator(mode="before")
    @classmethod
    def _place_alone(cls, value: Any) -> Any:
        return {"from": value} if isinstance(value, str) else value

    @field_validator("place")
    @classmethod
    def _address_or_path(cls, place: str) -> str:
        scheme, is_address, _ = place.partition("://")
        if is_address and f"{scheme.lower()}://" not in SCHEMES:
            raise ValueError("must be an https address, a file or a folder")
        if is_address and "@" in place.split("/")[2]:
            raise ValueError('must be an address without a name or password; write authorization = "Basic ..."')
        return place

    @field_validator("authorization")
    @classmethod
    def _a_header(cls, authorization: SecretStr) -> SecretStr:
        text = authorization.get_secret_value()
        if not (text.isascii() and text.isprintable()):
            raise ValueError('must be one line like "Bearer 7f3a..." in plain letters')
        return authorization

    @property
    def is_address(self) -> bool:
        """Tell an address from a path."""
        return self.place.lower().startswith(SCHEMES)
