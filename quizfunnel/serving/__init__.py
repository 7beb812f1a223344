"""Serving: the WSGI application on an event loop, where a slow client costs a connection and never a worker."""
