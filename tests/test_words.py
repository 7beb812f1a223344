"""Laws of the words and the shape of the package, by which a newcomer finds a module and reads it."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "quizfunnel"
QUESTIONS = ("What", "Whose", "Where", "Who", "How", "Which")
MOST_MODULES = 15  # in one folder, beside its sub-folders
MOST_POSITIONAL = 8
QUERIES = {"select", "entrants"}  # whose arguments are columns
WIRING = {"Parts"}  # every room's views have one of their own


@cache
def modules() -> dict[Path, ast.Module]:
    """Return every module of the package, parsed once."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def frozen(path: Path) -> bool:
    """Tell whether a module is a step of the migrations, which is never changed again."""
    return path.is_relative_to(PACKAGE / "migrations" / "versions")


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Return the line and the text of every string that stands as a statement: docstrings, of names too."""
    for node in ast.walk(tree):
        for statement in getattr(node, "body", ()) if isinstance(getattr(node, "body", ()), list) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                value = statement.value.value
                if isinstance(value, str):
                    yield statement.lineno, value


def where(path: Path, line: int = 1) -> str:
    """Return a place in the package as an editor opens it."""
    return f"{path.relative_to(PACKAGE.parent)}:{line}"


def public(node: ast.ClassDef) -> bool:
    """Tell whether a class is one that others name; a Protocol has the name of the class that it stands for."""
    stands = any(ast.unparse(base) == "Protocol" for base in node.bases)
    return not (node.name.startswith("_") or node.name in WIRING or stands)


def test_a_docstring_names_the_thing() -> None:
    """It begins with a noun or a verb of the field, and with no question word."""
    asking = [
        f"{where(path, line)}: {text.splitlines()[0]}"
        for path, tree in modules().items()
        if not frozen(path)
        for line, text in docstrings(tree)
        if text.split(maxsplit=1)[0].rstrip(",:;") in QUESTIONS
    ]
    assert asking == []


def test_every_module_says_what_it_is() -> None:
    """A module has a docstring, in one sentence first."""
    silent = [where(path) for path, tree in modules().items() if not (ast.get_docstring(tree) or "").strip()]
    assert silent == []


def test_no_folder_is_a_heap() -> None:
    """A folder holds up to 15 modules beside its sub-folders and its `__init__`."""
    named = defaultdict(list)
    for path in modules():
        if path.name != "__init__.py" and not frozen(path):
            named[path.parent].append(path.stem)
    heaps = {where(folder): sorted(names) for folder, names in named.items() if len(names) > MOST_MODULES}
    assert heaps == {}


def test_one_name_is_one_class() -> None:
    """No two public classes share a name, but for what app.py hands to each room's views."""
    places = defaultdict(list)
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and public(node):
                places[node.name].append(where(path, node.lineno))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_call_is_read_by_counting() -> None:
    """A call has up to eight positional arguments, more are named; a query's columns are all of one kind."""
    counted = [
        where(path, node.lineno)
        for path, tree in modules().items()
        if not frozen(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and len(node.args) > MOST_POSITIONAL and ast.unparse(node.func) not in QUERIES
    ]
    assert counted == []


def test_a_message_is_handed_to_say() -> None:
    """A literal handed to what a call returns, as in `words_in(language)("...")`, would not reach translators."""
    hidden = [
        where(path, node.lineno)
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Call) and node.args
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]
    assert hidden == []
