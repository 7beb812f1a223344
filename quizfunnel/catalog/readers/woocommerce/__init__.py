"""WooCommerce's product export: its columns in each language, its rows gathered to products, and the products; pure."""

from quizfunnel.catalog.readers.woocommerce.product_export import READER

__all__ = ["READER"]
