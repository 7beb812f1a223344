"""Laws of the figures that an analyst sees."""
