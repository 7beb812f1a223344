"""The recurring work."""
