"""An idea that the product does not have yet: a slope of its own for each question's rules.

A merchandiser is seldom wrong everywhere. One slope for all questions punishes the right rules for the
wrong ones; seven are still few enough to be told from a hundred purchases.
"""

import numpy as np

from benchmarks.loop.worlds import POINT, PRODUCTS, Floats, Ints, Tables

SPREAD = 1.0  # of a slope around the rules' own, before anything is bought
OWN = 0.5  # log-odds that a product's base lies around the level
ROUNDS, HIGHEST = 25, 4.0


def question_slopes(rules: Tables, answers: Ints, orders: Ints, bought: Floats, looked_at: Floats) -> Floats:
    """Return each question's slope [q], by penalised maximum likelihood (Newton) beside a base for every product.

    `answers` [n, q], `orders` and `bought` [n, k], `looked_at` [k]. The bases are eliminated from each
    step (Schur complement), so that it solves for q unknowns.
    """
    product = orders.ravel()
    points = _points_of(rules, answers, orders)
    trials, purchases = np.tile(looked_at, len(orders)), bought.ravel()
    slopes, base = np.ones(len(rules)), np.zeros(PRODUCTS)
    level = float(np.log((purchases.sum() + 1.0) / (trials.sum() + 1.0))) - 1.0
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(points @ slopes + level + base[product], -30, 30)))
        missing, bend = purchases - trials * chance, trials * chance * (1 - chance)
        level += float(np.clip(missing.sum() / bend.sum(), -1, 1))
        own_bend = np.bincount(product, bend, PRODUCTS) + 1 / OWN**2
        own = np.bincount(product, missing, PRODUCTS) - base / OWN**2
        weighted = points * bend[:, np.newaxis]
        shared = np.stack([np.bincount(product, column, PRODUCTS) for column in weighted.T], axis=1)
        hessian = points.T @ weighted + np.eye(len(slopes)) / SPREAD**2 - shared.T @ (shared / own_bend[:, np.newaxis])
        gradient = points.T @ missing - (slopes - 1) / SPREAD**2 - shared.T @ (own / own_bend)
        step = np.linalg.solve(hessian, gradient)
        slopes = slopes + np.clip(step, -1, 1)
        base = base + np.clip((own - shared @ step) / own_bend, -1, 1)
    return np.clip(slopes, 0.0, HIGHEST)


def _points_of(rules: Tables, answers: Ints, orders: Ints) -> Floats:
    """Return the log-odds that each question's rules give to what was shown, [n * k, q]."""
    columns = [
        POINT * table[answers[:, j]][np.arange(len(orders))[:, np.newaxis], orders] for j, table in enumerate(rules)
    ]
    return np.stack([column.ravel() for column in columns], axis=1)
