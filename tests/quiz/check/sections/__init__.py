"""Tests of quiz.check.sections."""
