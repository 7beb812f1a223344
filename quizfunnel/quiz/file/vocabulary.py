"""Vocabulary of a quiz file: its keys as the schema has them, by what may stand behind them; pure."""

from quizfunnel.kit.yaml.vocabulary import Vocabulary
from quizfunnel.quiz import spec
from quizfunnel.quiz.kinds import KINDS, PARTS
from quizfunnel.quiz.kinds.fields import PlainModel

TEXT_KEYS = frozenset(
    (
        *("title", "promise", "headline", "skip_label", "products", "ask", "help", "why"),
        *("label", "because", "none_label", "low", "high", "unit"),
    )
)
"""The keys whose text shoppers read."""


def _keys(model: type[PlainModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


_MODELS: tuple[type[PlainModel], ...] = (
    *(spec.Quiz, spec.CatalogRef, spec.OfferSpec, spec.OfferSection, spec.Experiment),
    *KINDS.values(),
    *PARTS,
)

WORDS = Vocabulary(
    keys=frozenset().union(*map(_keys, _MODELS)),
    texts=TEXT_KEYS,
    addresses=frozenset(("file", "product_url", "image", "captions", "poster")),
    lists=frozenset(("requires", "excludes", "only", "any", "not", "was")),
    mappings={
        "catalog": "file",
        "video": "file",
        **dict.fromkeys(("when", "scale", "near", "favours", "against", "offer", "experiment"), ""),
    },
    prefixes=frozenset(("tag", "product", "type", "vendor")),
)
