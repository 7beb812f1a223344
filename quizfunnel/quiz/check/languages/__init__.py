"""Languages of a quiz: proofs of its language files, and the wording of each language."""
