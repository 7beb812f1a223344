"""Tests of quiz.check."""
