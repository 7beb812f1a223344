"""Presentation: from a report to the page that shows it; pure."""
