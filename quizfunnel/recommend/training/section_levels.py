"""Section levels: log-odds by which each section of an offer is bought from more than others, at equal scores; pure.

Products are only ever compared within a section, so that a model must learn nothing of how much more cleansers are
bought than serums, and must not be called better than the rules for knowing it. Each section has a level of its own,
fitted by Newton's method under a wide normal prior around the level of all, for the model and for the rules alike.
"""

import numpy as np
from scipy.special import expit

from quizfunnel.recommend.learners.code_book import Floats, Ints

STEPS = 30
SETTLED = 1e-10
FURTHEST = 2.0  # of a step
SPREAD = 2.0  # standard deviation of a level before anything is known


def section_levels(section: Ints, prior: Floats, trials: Floats, bought: Floats, *, sections: int) -> Floats:
    """Return each section's level above that of all, [sections]; 0 where there is one alone or nothing was bought."""
    levels = np.zeros(sections)
    if sections == 1 or not bought.sum():
        return levels
    start = float(np.log((bought.sum() + 1.0) / (trials.sum() + 1.0)))
    everywhere = _level(prior, trials, bought, around=start, weight=0.0)
    for number in range(sections):
        mine = section == number
        if mine.any():
            own = _level(prior[mine], trials[mine], bought[mine], around=everywhere, weight=SPREAD**-2)
            levels[number] = own - everywhere
    return levels


def _level(prior: Floats, trials: Floats, bought: Floats, *, around: float, weight: float) -> float:
    """Return the level of highest posterior density, under a normal prior `around` a level with this precision."""
    level = around
    for _ in range(STEPS):
        chance = np.asarray(expit(level + prior))
        slope = float(np.vdot(trials, chance) - bought.sum()) + weight * (level - around)
        bend = float(np.vdot(trials, chance * (1 - chance))) + weight
        step = min(FURTHEST, max(-FURTHEST, slope / max(bend, 1e-12)))
        level -= step
        if abs(step) < SETTLED:
            break
    return level
