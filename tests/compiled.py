"""Caches of what is compiled: a test process compiles a template, a route or a statement once, not for every test.

Each application compiles its templates and routes, and each engine its statements: with one of either for nearly
every test that takes longer than most tests do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import CodeType
from typing import Any

import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy import create_engine
from werkzeug.routing import Rule


class SharedBytecode(BytecodeCache):
    """Compiled templates by name, file and source, in memory."""

    def __init__(self) -> None:
        """Start empty."""
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a template's bucket where the same source was compiled before."""
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self._compiled[bucket.key, bucket.checksum] = bucket.code


class SharedStatements(dict[Any, Any]):
    """Compiled statements by the name of a dialect, where SQLAlchemy keeps them by the dialect of one engine."""

    def get(self, key: Any, default: Any = None) -> Any:
        """Return what any engine of this dialect compiled."""
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        """Keep what one engine compiled."""
        super().__setitem__((key[0].name, *key[1:]), compiled)


def shared_routes() -> Callable[..., Any]:
    """Return what compiles a route's builder of addresses, or finds it among those of routes that read the same."""
    build, built = Rule._compile_builder, dict[Any, Any]()

    def builder(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002 - its signature
        key = (tuple(rule._trace), repr(sorted((rule.defaults or {}).items())), append_unknown)
        if key not in built:
            built[key] = build(rule, append_unknown)
        return built[key]

    return builder


@contextmanager
def shared() -> Iterator[None]:
    """Share all of them meanwhile."""
    environment = partial(ImmutableSandboxedEnvironment, bytecode_cache=SharedBytecode())
    engine = partial(create_engine, execution_options={"compiled_cache": SharedStatements()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quizfunnel.web.environment.ImmutableSandboxedEnvironment", environment)
        patch.setattr("quizfunnel.store.engine.create_engine", engine)
        patch.setattr(Rule, "_compile_builder", shared_routes())
        yield
