"""What an analyst may conclude, and how sure it is."""
