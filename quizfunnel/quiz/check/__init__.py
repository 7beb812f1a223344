"""The check: proofs about a quiz before a shopper meets it."""
