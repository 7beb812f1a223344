"""The database over time: one runner, one script a step."""
