"""Upkeep: the recurring work of a store, of which `quizfunnel nightly` does all."""
