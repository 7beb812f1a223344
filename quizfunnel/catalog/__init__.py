"""What the store sells: products, read from its own files or from its platform's export."""
