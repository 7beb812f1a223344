"""A quiz-funnel product recommender: answers to products, honestly measured."""

__version__ = "0.1.0"
