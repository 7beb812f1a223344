"""Facts of products in an offer: prices, ratings, variants to choose from, and what sets products apart."""
