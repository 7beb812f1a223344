"""Behaviour: observed figures, never causal."""
