"""Proofs about the sections of an offer: how they are written, and what fills them."""
