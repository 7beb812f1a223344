"""Setup of a shop, ticked off: from the catalogue to the first visitor in each arm, and what to do about each step."""
