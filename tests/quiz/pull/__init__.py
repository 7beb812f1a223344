"""Laws of pulling catalogues."""
