"""Tests of contrib/: files that are laid into a shop's own program."""
