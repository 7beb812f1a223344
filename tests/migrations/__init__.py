"""Tests of quizfunnel.migrations."""
