"""The documents in docs/ are run."""
