"""Laws of looking at a shop's page."""
