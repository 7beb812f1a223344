"""A new store's folder: what `quizfunnel init` writes, and nothing else."""
