"""Reports: all figures of a quiz or of an experiment."""
