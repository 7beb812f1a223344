"""Randomised figures: what an experiment's arms came to."""
