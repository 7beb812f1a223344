"""Backups and restores of a shop."""
