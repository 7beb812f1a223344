"""Training: from a grouped log to a model and its card."""
