"""Laws of the scripts in tools/ that say something of the code."""
