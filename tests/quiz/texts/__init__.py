"""Texts of a quiz as shoppers read them."""
