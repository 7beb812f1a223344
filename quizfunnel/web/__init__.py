"""Web layer that every page shares: rendering, security headers, forms, errors, health and staff access."""
