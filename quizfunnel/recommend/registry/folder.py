"""Registry of trained models: each in models/<quiz>/<version>/, the serving one named by models/<quiz>/state.json.

A version is written aside, made durable and then renamed into its place; the state is one small file
that is replaced whole. Whoever reads sees all of either or none of it. Names from outside are looked
up among what is there, never made into paths. Arrays come and go as bytes: `learners.stored_arrays` reads them.
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

from quizfunnel.kit import files
from quizfunnel.quiz.spec import is_slug
from quizfunnel.recommend.registry.manifest import Manifest, RegistryError, Stored, is_version, read_manifest
from quizfunnel.recommend.registry.state import ROLLED_BACK, Challenge, State, read_state
from quizfunnel.recommend.serving.score_model import RULES, ModelError, ModelTable

TABLE, ARRAYS, CARD, CARD_TEXT, MANIFEST = "table.json", "model.skops", "card.json", "card.md", "manifest.json"
STATE = "state.json"
_ASIDE = ".new-"
_SPACE = "look at its disk and at who may write there"


class ModelGoneError(RegistryError):
    """A version that the registry does not hold."""


@dataclass(frozen=True, kw_only=True)
class Package:
    """A trained model as it is to be stored; `arrays` as `learners.stored_arrays` writes them, or empty."""

    quiz: str
    quiz_version: str
    meaning: str
    made_at: datetime
    table: ModelTable
    card: Mapping[str, Any] = field(default_factory=dict)
    card_text: str = ""
    arrays: bytes = b""
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
            with files.locked(folder):
                # Under the lock nobody else is saving: what lies aside is of a process that was killed.
                _sweep(folder)
                aside.mkdir()
                version = _write_package(aside, package)
                # The same numbers of the same second are the same version, and stand there already.
                if version not in self.versions(package.quiz):
                    aside.rename(folder / version)
                    files.fsync_folder(folder)
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
        """Return a model's manifest, checked to be its own."""
        path = self._place(quiz, version) / MANIFEST
        try:
            manifest = read_manifest(path.read_bytes())
        except (ValueError, OSError) as error:
            raise self._broken(path, error) from error
        if (manifest.quiz, manifest.version) != (quiz, version):
            raise self._broken(path, ValueError(f"it is that of {manifest.quiz}/{manifest.version}"))
        return manifest

    def load(self, quiz: str, version: str) -> ModelTable:
        """Return a model's table, which is what was saved, byte for byte."""
        try:
            return ModelTable.from_json(self._verified(quiz, version, TABLE))
        except ModelError as error:
            raise self._broken(self._place(quiz, version) / TABLE, error) from error

    def arrays(self, quiz: str, version: str) -> bytes:
        """Return a model's arrays as they were saved, byte for byte; empty where it has none."""
        if ARRAYS not in self.manifest(quiz, version).files:
            return b""
        return self._verified(quiz, version, ARRAYS)

    def card(self, quiz: str, version: str) -> dict[str, Any]:
        """Return a model's card."""
        body = self._verified(quiz, version, CARD)
        try:
            card: dict[str, Any] = json.loads(body)
        except ValueError as error:
            raise self._broken(self._place(quiz, version) / CARD, error) from error
        return card

    def check(self, quiz: str, version: str) -> Manifest:
        """Return a model's manifest if each of its files is as it was saved and can be served; raise otherwise."""
        manifest = self.manifest(quiz, version)
        for name in manifest.files:
            self._verified(quiz, version, name)
        self.load(quiz, version)
        return manifest

    def state(self, quiz: str) -> State:
        """Return the serving state of a quiz."""
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
        """Return the stamps of the files of a quiz's state, or of a version, which change when these files do."""
        if not is_slug(quiz):
            return ()
        if version is None:
            return (files.stamp(self._folder / quiz / STATE),)
        if not is_version(version):
            return ()
        # Only the files that serve: a card that changes makes no worker load its model again.
        place = self._folder / quiz / version
        return tuple(files.stamp(place / name) for name in (MANIFEST, TABLE))

    def _change(self, quiz: str, change: Callable[[State], State], *, anew: bool = False) -> State:
        path = self._state_path(quiz)
        try:
            with files.locked(path.parent):
                try:
                    # Read under the lock: another process may have changed it since the caller looked.
                    state = self.state(quiz)
                except RegistryError:
                    if not anew:
                        raise
                    path.replace(path.with_suffix(".broken"))
                    state = State()
                changed = change(state)
                files.replace(path, changed.as_json())
        except OSError as error:
            raise RegistryError(f"{self._name(path)}: cannot be written ({error.strerror}); {_SPACE}") from error
        return changed

    def _state_path(self, quiz: str) -> Path:
        if not is_slug(quiz):
            raise RegistryError(f"`{quiz}` is no name of a quiz")
        return self._folder / quiz / STATE

    def _place(self, quiz: str, version: str) -> Path:
        """Return the folder of a version that is there; the name given is only compared."""
        known = next((each for each in self.versions(quiz) if each == version), None)
        if known is None:
            raise ModelGoneError(
                f"`{quiz}` has no model `{version}` here; quizfunnel models {quiz} lists those that there are"
            )
        return self._folder / quiz / known

    def _verified(self, quiz: str, version: str, name: str) -> bytes:
        stored = self.manifest(quiz, version).files.get(name)
        path = self._place(quiz, version) / name
        if stored is None:
            raise self._broken(path, ValueError("the manifest does not name it"))
        try:
            size = path.stat().st_size
            # The size first: a file that was swollen is not read into a worker's memory.
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
        bodies[ARRAYS] = package.arrays
    # of what is in the files alone: trained again in the same second from the same log it is the same version
    digest = hashlib.sha256(b"".join(bodies.values())).hexdigest()
    manifest = Manifest(
        version=f"{package.made_at.astimezone(UTC):%Y%m%d-%H%M%S}-{digest[:6]}",
        quiz=package.quiz,
        quiz_version=package.quiz_version,
        meaning=package.meaning,
        made_at=package.made_at,
        simulated=package.simulated,
        files={name: Stored(hashlib.sha256(body).hexdigest(), len(body)) for name, body in bodies.items()},
    )
    for name, body in {**bodies, MANIFEST: manifest.as_json().encode()}.items():
        files.write(folder / name, body)
    files.fsync_folder(folder)
    return manifest.version


def _sweep(folder: Path) -> None:
    """Remove the leftovers of a save that was killed; nobody else is saving."""
    for left in folder.glob(f"{_ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)


def _why(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return reason or type(error).__name__
