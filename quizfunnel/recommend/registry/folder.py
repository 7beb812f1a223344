"""The folder of the trained models: models/<quiz>/<version>/, and models/<quiz>/state.json that says which one serves.

A version is written aside, made durable and then renamed into its place; the state is one small file
that is replaced whole. Whoever reads sees all of either or none of it. Names from outside are looked
up among what is there, never made into paths. Arrays are read by skops, which builds no object that
it was not told to trust, and it is told to trust none; a pickle is never loaded.
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quizfunnel.kit import files as durable
from quizfunnel.quiz.spec import is_slug
from quizfunnel.recommend.registry.manifest import (
    Manifest,
    RegistryError,
    Stored,
    is_version,
    read_manifest,
)
from quizfunnel.recommend.registry.state import (
    ROLLED_BACK,
    Challenge,
    State,
    read_state,
)
from quizfunnel.recommend.serving.score_model import RULES, ModelError, ModelTable

__all__ = ["RULES", "Challenge", "Manifest", "ModelGoneError", "Package", "Registry", "RegistryError", "State"]

TABLE, ARRAYS, CARD, CARD_TEXT, MANIFEST = "table.json", "model.skops", "card.json", "card.md", "manifest.json"
STATE = "state.json"
_ASIDE = ".new-"
_SPACE = "look at its disk and at who may write there"


class ModelGoneError(RegistryError):
    """A version that is not there."""


@dataclass(frozen=True)
class Package:
    """A trained model as it is to be stored; `arrays` are numpy arrays and plain JSON values by name."""

    quiz: str
    quiz_version: str
    meaning: str
    made_at: datetime
    table: ModelTable
    card: Mapping[str, Any] = field(default_factory=dict)
    card_text: str = ""
    arrays: Mapping[str, Any] = field(default_factory=dict)
    simulated: bool = False


class Registry:
    """The models of one store."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which need not be there yet."""
        self._folder = folder

    def save(self, package: Package) -> str:
        """Store a model, which serves nobody yet; return its version."""
        if not is_slug(package.quiz):
            raise RegistryError(f"`{package.quiz}` is no name of a quiz, so that no model can be kept for it")
        folder = self._folder / package.quiz
        aside = folder / f"{_ASIDE}{secrets.token_hex(8)}"
        try:
            with durable.locked(folder):
                _sweep(folder)
                aside.mkdir()
                version = _write_package(aside, package)
                if version not in self.versions(package.quiz):
                    aside.rename(folder / version)
                    durable.fsync_folder(folder)
        except OSError as error:
            raise RegistryError(f"{self._name(folder)}: cannot be written ({error.strerror}); {_SPACE}") from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return version

    def versions(self, quiz: str) -> tuple[str, ...]:
        """Return the versions that are stored for a quiz, oldest first."""
        if not is_slug(quiz):
            return ()
        try:
            names = [each.name for each in (self._folder / quiz).iterdir() if each.is_dir()]
        except OSError:
            return ()
        return tuple(sorted(filter(is_version, names)))

    def manifest(self, quiz: str, version: str) -> Manifest:
        """Return what a model says of itself."""
        path = self._place(quiz, version) / MANIFEST
        try:
            found = read_manifest(path.read_bytes())
        except (ValueError, OSError) as error:
            raise self._broken(path, error) from error
        if (found.quiz, found.version) != (quiz, version):
            raise self._broken(path, ValueError(f"it is that of {found.quiz}/{found.version}"))
        return found

    def load(self, quiz: str, version: str) -> ModelTable:
        """Return a model's table, which is what was saved, byte for byte."""
        try:
            return ModelTable.from_json(self._verified(quiz, version, TABLE))
        except ModelError as error:
            raise self._broken(self._place(quiz, version) / TABLE, error) from error

    def arrays(self, quiz: str, version: str) -> dict[str, Any]:
        """Return a model's arrays, as skops reads them without trusting any type but its own; {} where it has none."""
        if ARRAYS not in self.manifest(quiz, version).files:
            return {}
        from skops import io as skops

        body = self._verified(quiz, version, ARRAYS)
        try:
            found: dict[str, Any] = skops.loads(body, trusted=[])
        except Exception as error:
            raise self._broken(self._place(quiz, version) / ARRAYS, error) from error
        return found

    def card(self, quiz: str, version: str) -> dict[str, Any]:
        """Return a model's card."""
        body = self._verified(quiz, version, CARD)
        try:
            found: dict[str, Any] = json.loads(body)
        except ValueError as error:
            raise self._broken(self._place(quiz, version) / CARD, error) from error
        return found

    def check(self, quiz: str, version: str) -> Manifest:
        """Return a model's manifest where each of its files is what was saved and can be served; raise otherwise."""
        manifest = self.manifest(quiz, version)
        for name in manifest.files:
            self._verified(quiz, version, name)
        self.load(quiz, version)
        return manifest

    def state(self, quiz: str) -> State:
        """Return what serves a quiz."""
        path = self._state_path(quiz)
        try:
            return read_state(path.read_bytes())
        except FileNotFoundError:
            return State()
        except (ValueError, OSError) as error:
            raise RegistryError(
                f"{self._name(path)}: cannot be read ({_why(error)}), so that the rules serve; "
                f"say again what is to serve: quizfunnel models {quiz} --promote VERSION"
            ) from error

    def promote(self, quiz: str, version: str, *, why: str, at: datetime) -> State:
        """Let a version that can be read, or the rules, serve from now on.

        A state that cannot be read is laid aside: this begins a new one.
        """
        if version != RULES:
            self.check(quiz, version)
        return self._change(quiz, lambda state: state.promoted(version, why=why, at=at), anew=True)

    def rollback(self, quiz: str, *, why: str, at: datetime) -> State:
        """Let what served before serve again."""

        def back(state: State) -> State:
            before = state.before()
            if before is None:
                raise RegistryError(
                    f"`{quiz}`: nothing served before `{state.serving}`; --promote says what is to serve"
                )
            if before != RULES:
                self.check(quiz, before)
            return state.promoted(before, why=why, at=at, what=ROLLED_BACK)

        return self._change(quiz, back)

    def challenge(self, quiz: str, challenge: Challenge, *, why: str = "") -> State:
        """Give a version that can be read a share of the shoppers."""
        self.check(quiz, challenge.version)

        def begin(state: State) -> State:
            if state.serving == challenge.version:
                raise RegistryError(f"`{quiz}`: {challenge.version} serves already and cannot challenge itself")
            return state.challenged(challenge, why=why)

        return self._change(quiz, begin)

    def end_challenge(self, quiz: str, *, why: str, at: datetime) -> State:
        """Take the challenger's share from it."""
        return self._change(quiz, lambda state: state.unchallenged(why=why, at=at))

    def stamps(self, quiz: str, version: str | None = None) -> tuple[tuple[int, int, int], ...]:
        """Return what changes when the state of a quiz, or the files that serve of a version, do."""
        if not is_slug(quiz):
            return ()
        if version is None:
            return (durable.stamp(self._folder / quiz / STATE),)
        if not is_version(version):
            return ()
        place = self._folder / quiz / version
        return tuple(durable.stamp(place / name) for name in (MANIFEST, TABLE))

    def _change(self, quiz: str, change: Callable[[State], State], *, anew: bool = False) -> State:
        path = self._state_path(quiz)
        try:
            with durable.locked(path.parent):
                try:
                    state = self.state(quiz)
                except RegistryError:
                    if not anew:
                        raise
                    path.replace(path.with_suffix(".broken"))
                    state = State()
                changed = change(state)
                durable.replace(path, changed.as_json())
        except OSError as error:
            raise RegistryError(f"{self._name(path)}: cannot be written ({error.strerror}); {_SPACE}") from error
        return changed

    def _state_path(self, quiz: str) -> Path:
        if not is_slug(quiz):
            raise RegistryError(f"`{quiz}` is no name of a quiz")
        return self._folder / quiz / STATE

    def _place(self, quiz: str, version: str) -> Path:
        """Return the folder of a version that is there; the name given is only compared."""
        found = next((each for each in self.versions(quiz) if each == version), None)
        if found is None:
            raise ModelGoneError(
                f"`{quiz}` has no model `{version}` here; quizfunnel models {quiz} lists those that there are"
            )
        return self._folder / quiz / found

    def _verified(self, quiz: str, version: str, name: str) -> bytes:
        stored = self.manifest(quiz, version).files.get(name)
        path = self._place(quiz, version) / name
        if stored is None:
            raise self._broken(path, ValueError("the manifest does not name it"))
        try:
            size = path.stat().st_size
            body = path.read_bytes() if size == stored.size else b""
        except OSError as error:
            raise self._broken(path, error) from error
        if size != stored.size:
            raise self._broken(path, ValueError(f"it has {size} bytes where {stored.size} were saved"))
        if hashlib.sha256(body).hexdigest() != stored.sha256:
            raise self._broken(path, ValueError("its sha256 is not that of what was saved"))
        return body

    def _broken(self, path: Path, error: Exception) -> RegistryError:
        quiz = path.parent.parent.name
        return RegistryError(
            f"{self._name(path)}: cannot be used ({_why(error)}); "
            f"train again, or let another version serve: quizfunnel models {quiz} --promote VERSION"
        )

    def _name(self, path: Path) -> str:
        """Return a path as errors say it, without the machine's folders."""
        return f"{self._folder.name}/{path.relative_to(self._folder).as_posix()}"


def _write_package(folder: Path, package: Package) -> str:
    """Write every file of a package into a folder, make them durable, and return the version they are."""
    bodies = {
        TABLE: package.table.as_json().encode(),
        CARD: json.dumps(package.card, indent=2, ensure_ascii=False, allow_nan=False).encode(),
        CARD_TEXT: package.card_text.encode(),
    }
    if package.arrays:
        from skops import io as skops

        bodies[ARRAYS] = skops.dumps(dict(package.arrays))
    digest = hashlib.sha256(b"".join(bodies.values())).hexdigest()
    files = {name: Stored(hashlib.sha256(body).hexdigest(), len(body)) for name, body in bodies.items()}
    version = f"{package.made_at.astimezone(UTC):%Y%m%d-%H%M%S}-{digest[:6]}"
    facts = (package.quiz, package.quiz_version, package.meaning, package.made_at, package.simulated)
    manifest = Manifest(version, *facts, files)
    for name, body in {**bodies, MANIFEST: manifest.as_json().encode()}.items():
        durable.write(folder / name, body)
    durable.fsync_folder(folder)
    return version


def _sweep(folder: Path) -> None:
    """Remove what a save that was killed left behind; nobody else is saving."""
    for left in folder.glob(f"{_ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)


def _why(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) else str(error)
    return said or type(error).__name__
