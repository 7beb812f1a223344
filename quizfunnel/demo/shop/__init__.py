"""Demo shop: an application of its own, which knows of the quiz server its address and a secret, as any shop would."""
