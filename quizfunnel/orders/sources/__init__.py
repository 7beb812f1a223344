"""Order sources: a folder for each platform, with its signature and its reading of a body.

A new source is a folder here with a KIND, and that KIND among SOURCES: its address, its secret's setting, the
command's help and the columns of its report follow from it.
"""

from quizfunnel.orders.sources import shopify, standard, stripe, woocommerce

SOURCES = (standard.KIND, shopify.KIND, woocommerce.KIND, stripe.KIND)
NAMES = tuple(sorted(kind.name for kind in SOURCES))
