"""A small shop and its simulated shoppers, for trying the program out."""
