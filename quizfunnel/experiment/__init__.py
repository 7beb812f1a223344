"""Experiments: design, draw, freezing and planning of a holdout or a comparison.

Files say what an experiment is set to (`quiz.spec.Experiment`, `settings.Holdout`, `settings.Comparison`); inside it is
a `Design`, made by `planning`, and a `FrozenDesign` once its first visitor entered.
"""
