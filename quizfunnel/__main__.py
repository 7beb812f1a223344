"""`python -m quizfunnel` is the `quizfunnel` command."""

from quizfunnel.cli import main

if __name__ == "__main__":
    main()
