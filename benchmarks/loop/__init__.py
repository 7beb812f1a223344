"""The closed loop: what learning while serving costs, ours beside bandits; and whether promotion keeps its word."""
