"""Words of the figures: numbers, labels of arms, terms and metrics; pure."""
