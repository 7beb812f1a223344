"""The outbox: what is to be sent, once it may be, however often that takes."""
