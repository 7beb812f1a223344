"""Tests of quiz.check.languages."""
