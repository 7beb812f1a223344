"""A finished attempt becomes an offer: chosen once, gated, explained, clicked."""
