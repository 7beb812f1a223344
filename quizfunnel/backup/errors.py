"""Refusal of a backup or of a restore; its text says the remedy."""


class BackupError(Exception):
    """A backup that cannot be taken, or one that cannot be put back."""
