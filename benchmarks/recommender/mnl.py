"""A published model by our own likelihood: Biogeme's first logit of the Swissmetro survey.

Bierlaire, *Biogeme*, example 01logit: constants for train and car, one coefficient each for time and cost; business and
commuting trips alone; n = 6,768, final log-likelihood -5331.252. Reproducing it shows that what we call the likelihood
of a choice among what was shown is what everybody calls so.
"""

from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from benchmarks.recommender.data import Floats, read_gzip
from quizfunnel.recommend.learners.choice_likelihood import Choices
from quizfunnel.recommend.learners.code_book import CodeBook

PUBLISHED = -5331.252
TRIPS = 6_768
CLOSE = 0.001


def published_logit(folder: Path) -> dict[str, float | int]:
    """Return our log-likelihood beside the published one, and the number of trips."""
    rows = [r for r in read_gzip(folder / "swissmetro.csv.gz") if r["PURPOSE"] in {"1", "3"} and r["CHOICE"] != "0"]
    table = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    asked = table["SP"] != 0
    shown = np.column_stack([(table["TRAIN_AV"] > 0) & asked, table["SM_AV"] > 0, (table["CAR_AV"] > 0) & asked])
    purchases = np.eye(3)[table["CHOICE"].astype(int) - 1]
    likelihood = Choices(CodeBook((1,)), np.zeros((len(rows), 1), dtype=np.int64), purchases, shown=shown)
    design = _design(table)

    def value(coefficients: Floats) -> tuple[float, Floats]:
        loss, slopes = likelihood.descent(design @ coefficients)
        return loss, np.einsum("pi,pik->k", slopes, design)

    found = minimize(value, np.zeros(design.shape[2]), jac=True, method="BFGS", options={"gtol": 1e-6})
    return {"trips": len(rows), "ours": -float(found.fun), "published": PUBLISHED}


def _design(table: dict[str, Floats]) -> Floats:
    """Return the utilities' terms [n, 3, 4]: constants, time, cost in hundreds; rail is free with a season ticket."""
    paid = table["GA"] == 0
    time = np.column_stack([table["TRAIN_TT"], table["SM_TT"], table["CAR_TT"]]) / 100
    cost = np.column_stack([table["TRAIN_CO"] * paid, table["SM_CO"] * paid, table["CAR_CO"]]) / 100
    constants = np.zeros((len(paid), 3, 2))
    constants[:, 0, 0] = constants[:, 2, 1] = 1.0
    return np.concatenate([constants, time[:, :, None], cost[:, :, None]], axis=2)
