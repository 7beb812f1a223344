"""Output: reports as text, CSV and JSON; pure."""
