"""The README's table of settings."""

from quizfunnel.settings import Settings


def table() -> str:
    """Return the README's table of settings, as the fields say it."""
    lines = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        shown = "" if field.default_factory or str(field.default) in ("", "()", "None") else f"`{field.default}`"
        lines.append(f"| `QUIZFUNNEL_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines)
