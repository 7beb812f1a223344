"""The registry: stored models, and which of them serves."""
