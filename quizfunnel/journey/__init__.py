"""A visitor's way through a quiz: attempts, answers, honest time."""
