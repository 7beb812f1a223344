"""Visitors: who came, to which page, with whose consent, and in which arm."""
