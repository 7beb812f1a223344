"""Laws of frames on the shop's pages."""
