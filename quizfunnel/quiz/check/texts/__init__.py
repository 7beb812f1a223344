"""Proofs about a quiz's texts: answers in braces, marks, and the videos beside them."""
