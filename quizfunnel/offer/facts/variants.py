"""Variants to choose from: those that keep the rules, each with its price and where its choice leads; pure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.i18n.words import Words
from quizfunnel.offer.facts.price import PriceTag, tag_of_variant
from quizfunnel.quiz.kinds.rule import Rule

LONGEST_LABEL = 28  # letters of a button on a phone


class VariantLink(NamedTuple):
    """A variant and the address that a click on it leads to."""

    variant: Variant
    url: str


class VariantChoice(NamedTuple):
    """One variant on a card: what sets it apart, its price tag, and its link."""

    title: str
    tag: PriceTag
    url: str


class VariantPicker(NamedTuple):
    """The variants of a product on its card: the names of what sets them apart, and a choice for each.

    `id` is its heading's on the page, `label` opens it: "250 g or 1 kg". With `adds` a choice puts the variant into the
    basket, else it leads to its page.
    """

    id: str
    label: str
    name: str
    choices: tuple[VariantChoice, ...]
    adds: bool


def selectable(product: Product, hard: Sequence[Rule]) -> list[Variant]:
    """Return the variants that can be bought and keep every rule at their own price, each under another name."""
    variants = [
        variant
        for variant in product.variants
        if variant.available and variant.title and all(rule.allows(product.only(variant)) for rule in hard)
    ]
    keys, titles = {variant.key for variant in variants}, {variant.title for variant in variants}
    return variants if len(keys) == len(titles) == len(variants) else []


def links_of(
    product: Product, hard: Sequence[Rule], name_of: Callable[[Product], str], way: Callable[[Product], str]
) -> tuple[VariantLink, ...]:
    """Return a link for each variant, none where there is nothing to choose or the choice would not reach the shop.

    It reaches the shop where `name_of` gives each of them, as a product of its own, a name that no other has: an id in
    the basket, or an address. `way` makes the link.
    """
    if len(product.variants) < 2:  # noqa: PLR2004
        return ()
    chosen = [(variant, product.only(variant)) for variant in selectable(product, hard)]
    names = {name_of(alone) for _, alone in chosen}
    is_choice = len(chosen) > 1 and len(names) == len(chosen) and "" not in names
    return tuple(VariantLink(variant, way(alone)) for variant, alone in chosen) if is_choice else ()


def picker(
    product: Product, links: Sequence[VariantLink], now: datetime, say: Words, *, adds: bool
) -> VariantPicker | None:
    """Return the choice among a product's variants, None where there is none."""
    if not links:
        return None
    names = dict.fromkeys(each for link in links for each, _ in link.variant.options if each)
    choices = (
        VariantChoice(link.variant.title, tag_of_variant(link.variant, product.currency, now, say), link.url)
        for link in links
    )
    titles = say.any_of([_isolated(link.variant.title, say) for link in links])
    many = say.ngettext("%(num)s to choose from", "%(num)s to choose from", len(links))
    label = say("Add to basket") if adds else titles if len(titles) <= LONGEST_LABEL else many
    return VariantPicker(
        f"pick-{product.id}", label, " / ".join(each[:1].upper() + each[1:] for each in names), tuple(choices), adds
    )


def _isolated(title: str, say: Words) -> str:
    """Return a title that keeps its own direction inside a sentence from right to left: `250 g` is not `g 250`."""
    return f"\N{FIRST STRONG ISOLATE}{title}\N{POP DIRECTIONAL ISOLATE}" if say.direction == "rtl" else title
