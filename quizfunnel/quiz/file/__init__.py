"""The quiz file: from YAML to the frozen quiz, or to findings."""
