"""The shop's pages, which are another program's: the snippet on them, arms and invitations, tokens, events."""
