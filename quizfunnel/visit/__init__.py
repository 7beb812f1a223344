"""Visitors: their identity, consent and page views, and the arms that they were drawn into."""
