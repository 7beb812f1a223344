"""Internationalisation: catalogues of translated messages, and the words, numbers and lists of a language."""
