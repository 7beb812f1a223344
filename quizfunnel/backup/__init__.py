"""Backups of the database: taken while it is used, and put back once they are proven whole."""
