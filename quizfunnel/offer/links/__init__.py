"""Links from an offer into the shop: to a page of a product, or into the basket, and the token that goes along."""
