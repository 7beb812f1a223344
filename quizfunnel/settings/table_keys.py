"""Keys of the tables of settings: of one that there is none of, which is perhaps meant; pure."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel


def meant(model: type[BaseModel], place: Sequence[Any]) -> str:
    """Return what to write for a key that its table does not know: one spelt alike, or all that it knows."""
    if place[-1] in model.model_fields:
        return "; it is a setting of its own, which stands above the first line in [brackets]"
    known = _known(model, place[:-1])
    if near := difflib.get_close_matches(str(place[-1]), known, n=1):
        return f"; is {near[0]} meant?"
    return f"; there is: {', '.join(known)}" if known else ""


def _known(model: type[BaseModel], place: Sequence[Any]) -> tuple[str, ...]:
    """Return the keys of the table at a place of the settings, none where no table of ours is there."""
    at: Any = model
    for name in place:
        tables = [each for each in _parts(at) if _is_model(each) or get_origin(each) in (dict, Mapping)]
        field = next(
            (each.model_fields[name] for each in tables if _is_model(each) and name in each.model_fields), None
        )
        at = field.annotation if field else next((get_args(each)[1] for each in tables if not _is_model(each)), None)
    table = next(filter(_is_model, _parts(at)), None)
    return tuple(table.model_fields) if table else ()


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield an annotation, and of `Table | None` or `Annotated[Table, ...]` what it is made of."""
    yield annotation
    if get_origin(annotation) not in (dict, Mapping):
        for part in get_args(annotation):
            yield from _parts(part)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
