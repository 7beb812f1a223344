"""Catalogue: the store's products, read from its own files or from its platform's export."""
