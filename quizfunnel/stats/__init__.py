"""Statistics of two arms: intervals, confidence sequences, e-processes, sample sizes; the standard library alone."""
