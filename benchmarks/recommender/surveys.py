"""The two stated-choice surveys: vehicles shown six at a time, and ways to travel."""

from pathlib import Path

import numpy as np

from benchmarks.recommender.data import Answer, Choices, assemble, binned, indicators, picked, read_gzip

CAR_NOTE = (
    "3 answers as asked (college, household above two, commute below five miles); 24 vehicles = body x fuel, six "
    "shown; features: body and fuel. Price and range vary by question there, not by vehicle: left out for all."
)
SWISSMETRO_NOTE = (
    "purpose, class, ticket, payer, luggage, age, sex, income, season ticket as asked; time, cost and headway of "
    "each way as five ordered bins, times and costs also relative to the train's; rail is free with a season ticket."
)
WAYS = ("train", "swissmetro", "car")


def car_pref(folder: Path) -> Choices:
    """Return 4,654 respondents who each chose one of six vehicles."""
    rows = read_gzip(folder / "car.csv.gz")
    sets = [[f"{row[f'type{place}']} {row[f'fuel{place}']}" for place in range(1, 7)] for row in rows]
    items = sorted({item for shown in sets for item in shown})
    number = {item: n for n, item in enumerate(items)}
    places = np.array([[number[item] for item in shown] for shown in sets])
    shown = np.zeros((len(rows), len(items)), dtype=bool)
    np.put_along_axis(shown, places, values=True, axis=1)
    taken = np.array([int(row["choice"].removeprefix("choice")) - 1 for row in rows])
    body, fuel = zip(*(item.split() for item in items), strict=True)
    return assemble(
        {name: picked([row[name] for row in rows]) for name in ("college", "hsg2", "coml5")},
        shown=shown,
        chosen=places[np.arange(len(rows)), taken],
        respondents=np.arange(len(rows)),
        name="car_pref",
        items=tuple(items),
        features=np.hstack([indicators(body), indicators(fuel)]),
        note=CAR_NOTE,
    )


def swissmetro(folder: Path) -> Choices:
    """Return nine choices each of 1,192 travellers among the train, the Swissmetro and, where there is one, a car."""
    rows = [row for row in read_gzip(folder / "swissmetro.csv.gz") if row["CHOICE"] != "0"]
    shown = np.array([[int(row[f"{way}_AV"]) > 0 for way in ("TRAIN", "SM", "CAR")] for row in rows])
    return assemble(
        _traveller(rows) | _journey(rows),
        shown=shown,
        chosen=np.array([int(row["CHOICE"]) - 1 for row in rows]),
        respondents=np.array([int(row["ID"]) for row in rows]),
        name="swissmetro",
        items=WAYS,
        features=np.array([[1.0], [1.0], [0.0]]),  # rail, or the road
        note=SWISSMETRO_NOTE,
    )


def _traveller(rows: list[dict[str, str]]) -> dict[str, Answer]:
    asked = ("PURPOSE", "FIRST", "TICKET", "WHO", "LUGGAGE", "MALE", "GA", "SM_SEATS", "SURVEY")
    ordered = {name: picked([row[name] for row in rows], ordered=True) for name in ("AGE", "INCOME")}
    return {name: picked([f"{int(row[name]):02}" for row in rows]) for name in asked} | ordered


def _journey(rows: list[dict[str, str]]) -> dict[str, Answer]:
    """Times, costs and headways as bins; the train's and the car's also beside the Swissmetro's."""
    value = {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name[-3:] in {"_TT", "_CO"}}
    for rail in ("TRAIN_CO", "SM_CO"):
        value[rail] = value[rail] * np.array([row["GA"] == "0" for row in rows])
    no_car = np.array([row["CAR_AV"] == "0" for row in rows])
    answers = {name: binned(value[name], missing=no_car if name.startswith("CAR") else None) for name in value}
    for kind in ("TT", "CO"):
        for way in ("TRAIN", "CAR"):
            beside = value[f"{way}_{kind}"] - value[f"SM_{kind}"]
            answers[f"{way}_{kind} beside"] = binned(beside, missing=no_car if way == "CAR" else None)
    headways = {name: picked([row[name].zfill(3) for row in rows], ordered=True) for name in ("TRAIN_HE", "SM_HE")}
    return answers | headways
