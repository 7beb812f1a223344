"""Ready themes: three looks that a store may take by name, each passing every pair; pure."""

from collections.abc import Mapping
from types import MappingProxyType

from quizfunnel.theme.tokens import TokenSet, TwoSchemes

READY: Mapping[str, TokenSet] = MappingProxyType(
    {
        "linen": TokenSet(
            {
                "accent": TwoSchemes("#9a3f24", "#f0a98c"),
                "on_accent": TwoSchemes("#ffffff", "#2b120a"),
                "surface": TwoSchemes("#faf5ec", "#1a1613"),
                "raised": TwoSchemes("#fffdf9", "#241f1b"),
                "text": TwoSchemes("#2b231d", "#f1e9e0"),
            },
            {
                "radius": "4px",
                "display": '"Iowan Old Style", "Palatino Linotype", "URW Palladio L", P052, Georgia, serif',
                "ease": ".2s ease-out",
            },
        ),
        "harbour": TokenSet(
            {
                "accent": TwoSchemes("#17497a", "#9cc7f2"),
                "on_accent": TwoSchemes("#ffffff", "#0a1a2b"),
                "surface": TwoSchemes("#f5f8fb", "#10161d"),
                "raised": TwoSchemes("#ffffff", "#18212b"),
                "text": TwoSchemes("#15202b", "#e6edf4"),
            },
            {"radius": "10px", "ease": ".16s ease-out"},
        ),
        "ink": TokenSet(
            {
                "accent": TwoSchemes("#141414", "#f5f5f2"),
                "on_accent": TwoSchemes("#ffffff", "#141414"),
                "surface": TwoSchemes("#ffffff", "#111111"),
                "raised": TwoSchemes("#ffffff", "#1b1b1b"),
                "text": TwoSchemes("#141414", "#f0f0ed"),
                "line": TwoSchemes("#cfcfcc", "#424242"),
            },
            {
                "radius": "0px",
                "font": 'Avenir, Montserrat, Corbel, "URW Gothic", source-sans-pro, sans-serif',
                "ease": ".12s linear",
            },
        ),
    }
)
