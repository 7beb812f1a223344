"""Serving: scores on the shopper's path, from the standard library alone."""
