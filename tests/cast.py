"""The people and things that tests speak of: a small coffee shop, its quiz, its clock and its keys."""

import csv
import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pydantic import SecretStr

from quizfunnel.catalog.product import Catalog, Product, Variant
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import SourceSettings

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KEY = b"a key for tests. 32 bytes long.."
STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SHOPIFY_SECRET = "test_secret_key"
SOURCES = {
    "standard": SourceSettings(secret=SecretStr(STANDARD_SECRET)),
    "shopify": SourceSettings(secret=SecretStr(SHOPIFY_SECRET)),
}


def product(id: str, *, price: int = 1200, tags: tuple[str, ...] = (), **more: object) -> Product:
    """Return a product that can be bought, priced in pence."""
    stock = more.pop("stock", None)
    variant = Variant(sku=f"SKU-{id}", price=price, stock=stock, cost=more.pop("cost", None))  # type: ignore[arg-type]
    facts: dict[str, object] = {"currency": "GBP", "url": f"/shop/p/{id}", "title": id.replace("-", " ").title()}
    return Product(id=id, price=price, tags=frozenset(tags), variants=(variant,), **(facts | more))  # type: ignore[arg-type]


def coffee_catalog() -> Catalog:
    """Return eight coffees: light and dark, two decaf, one sold out, one with nut traces."""
    return Catalog(
        (
            product("dark-bean", price=900, tags=("dark-roast", "whole-bean"), attributes={"strength": 5.0}),
            product("dark-ground", price=950, tags=("dark-roast", "ground"), attributes={"strength": 4.0}),
            product("light-bean", price=1400, tags=("light-roast", "whole-bean"), attributes={"strength": 2.0}),
            product("light-ground", price=1450, tags=("light-roast", "ground"), attributes={"strength": 1.0}),
            product("decaf-bean", price=1100, tags=("decaf", "whole-bean"), attributes={"strength": 3.0}),
            product("decaf-ground", price=1150, tags=("decaf", "ground"), attributes={"strength": 3.0}),
            product(
                "nutty", price=1000, tags=("dark-roast", "ground", "may-contain-nuts"), attributes={"strength": 4.0}
            ),
            product("sold-out", price=800, tags=("dark-roast", "whole-bean"), stock=0, attributes={"strength": 5.0}),
        )
    )


COFFEE = {
    "title": "Find your coffee",
    "promise": "Three coffees that suit how you drink it, and why each one does.",
    "minutes": 1,
    "catalog": "catalogs/coffee.csv",
    "questions": [
        {
            "id": "brew",
            "ask": "How do you make coffee at home?",
            "pick": "one",
            "choices": [
                {
                    "id": "espresso",
                    "label": "Espresso",
                    "favours": {"tag:dark-roast": 2},
                    "because": "for espresso",
                },
                {"id": "filter", "label": "Filter", "favours": {"tag:light-roast": 2}},
                {"id": "moka", "label": "Moka pot"},
            ],
        },
        {
            "id": "grinder",
            "ask": "Do you own a grinder?",
            "when": {"brew": ["espresso", "filter"]},
            "pick": "one",
            "choices": [
                {"id": "yes", "label": "Yes", "requires": ["tag:whole-bean"]},
                {"id": "no", "label": "No", "requires": ["tag:ground"]},
            ],
        },
        {
            "id": "moment",
            "ask": "When do you enjoy it most?",
            "pick": "one",
            "choices": [
                {"id": "morning", "label": "First thing", "favours": {"tag:dark-roast": 1}},
                {"id": "evening", "label": "After dinner", "favours": {"tag:decaf": 2}},
            ],
        },
        {
            "id": "avoid",
            "ask": "Anything you avoid?",
            "pick": "many",
            "none_label": "Nothing",
            "choices": [
                {"id": "caffeine", "label": "Caffeine", "requires": ["tag:decaf"]},
                {"id": "nuts", "label": "Nut traces", "excludes": ["tag:may-contain-nuts"]},
            ],
        },
        {
            "id": "budget",
            "ask": "What would you like to spend on a bag, at most?",
            "pick": "scale",
            "scale": {"from": 8, "to": 30, "step": 2, "unit": "GBP"},
            "limits": "price",
        },
        {
            "id": "strength",
            "ask": "How strong do you like it?",
            "pick": "scale",
            "scale": {"from": 1, "to": 5, "step": 1, "low": "Mild", "high": "Very strong"},
            "near": {"strength": 1},
            "optional": True,
        },
    ],
    "offer": {"show": 3, "headline": "Your coffees", "skip_label": "See all coffees without the quiz"},
    "experiment": {"name": "spring", "holdout_share": 0.2, "window_days": 7},
}


def coffee_quiz(**changes: object) -> Quiz:
    """Return the coffee quiz, with top-level keys changed."""
    return _quiz(json.dumps(COFFEE | changes))


@lru_cache(maxsize=256)
def _quiz(text: str) -> Quiz:
    return Quiz.model_validate_json(text)


def write_store(folder: Path, **changes: object) -> None:
    """Write the coffee shop as a store's folder, its quiz with top-level keys changed."""
    catalogs = folder / "quizzes" / "catalogs"
    catalogs.mkdir(parents=True, exist_ok=True)
    (folder / "quizzes" / "coffee.yaml").write_text(json.dumps(COFFEE | changes), encoding="utf-8")
    with (catalogs / "coffee.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "title", "price", "currency", "url", "tags", "stock", "strength", "sku"])
        for each in coffee_catalog().products:
            variant = each.variants[0]
            stock = "" if variant.stock is None else variant.stock
            tags, price = ",".join(sorted(each.tags)), f"{each.price / 100:.2f}"
            strength = each.attributes["strength"]
            rows.writerow([each.id, each.title, price, each.currency, each.url, tags, stock, strength, variant.sku])
