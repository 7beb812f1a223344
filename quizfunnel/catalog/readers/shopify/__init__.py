"""Shopify's product export: its columns in older and newer names, the rows of each handle, and the products; pure."""

from quizfunnel.catalog.readers.shopify.product_export import READER

__all__ = ["READER"]
