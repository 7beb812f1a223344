"""Names of arms and of states that the rows of the log carry; pure."""

INVITED, HOLDOUT, EVERYONE = "invited", "holdout", "everyone"


COLD, STARTED, FINISHED = "cold", "started", "finished"
