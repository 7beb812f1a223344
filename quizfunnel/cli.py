"""The `quizfunnel` command."""


def main() -> None:
    """Run the command."""
