"""Questions of the coffee quiz as plain data, to be changed by a test."""

import json
from typing import Any

from tests.cast import COFFEE

QUESTIONS: list[dict[str, Any]] = json.loads(json.dumps(COFFEE["questions"]))
