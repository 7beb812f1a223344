"""Theme: a brand's colours, corners and letters, proven to be readable before a shopper meets them."""
