"""Delivery: static files with addresses that browsers may keep, and what is sent compressed."""
