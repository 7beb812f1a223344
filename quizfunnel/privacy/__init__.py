"""Privacy: what is kept of people, shown to them, and erased from every table for good."""
