"""Texts of a quiz as shoppers read them: with earlier answers in braces, and with a little Markdown."""
