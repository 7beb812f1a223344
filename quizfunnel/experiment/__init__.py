"""Experiments: design, draw, freezing and planning of a holdout or a comparison."""
