"""Preview of a theme: the real pages of the shipped quizzes in a brand's look, in both schemes, as one file."""
