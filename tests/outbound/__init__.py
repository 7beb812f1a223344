"""Laws of the client of outbound calls."""
