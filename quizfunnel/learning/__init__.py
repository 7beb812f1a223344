"""Learning from the log: what was offered, which purchases are attributed to it, and training."""
