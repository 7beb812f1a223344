"""Connection check: is each source of orders connected, do its orders carry the token, what is there to do."""
