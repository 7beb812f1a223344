"""Language of a page: the words that its templates speak, and the one that a shopper asked for."""
