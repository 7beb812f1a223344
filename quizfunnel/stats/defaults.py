"""The defaults of the statistics: error rates, power, priors and the sizes that experiments are planned for; pure."""

ALPHA = 0.05  # the chance of being wrong that every interval allows


POWER = 0.8


CONCENTRATION = 100.0  # k of the mixture behind the ratio that may be looked at any time


BURN_IN = 20  # purchases before which the base rate is assumed and not estimated


REVENUE_BURN_IN = 50  # buyers an arm before which a difference of revenue has no limits


ASSUMED_BASE = 0.02


TARGETS = (0.10, 0.05, 0.02, 0.01)  # what the verdict asks for, the next one once there are visitors enough for it


PLANNED = (0.05, 0.10, 0.20, 0.50)


SHARES = (0.05, 0.10, 0.20, 0.50)  # of holdout, that the planner sets against the present one


MINIMUM_EFFECT = 0.5  # the change that an experiment is planned to see, unless it says another
