"""Explanation of an offer: why these products, and why not the others, taken apart from the log."""
