"""The check of a quiz's texts and videos."""
