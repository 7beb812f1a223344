"""Tests of quiz.file."""
