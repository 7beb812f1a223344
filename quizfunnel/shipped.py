"""Shipped files: templates, quizzes, models and static files, in the wheel or in the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_folder() -> Path:
    """Return the folder that holds ``templates/``, ``quizzes/``, ``models/`` and ``static/``."""
    packaged = _PACKAGE / "_shipped"
    return packaged if packaged.is_dir() else _PACKAGE.parent
