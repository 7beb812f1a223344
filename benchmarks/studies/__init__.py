"""Simulation studies: histories whose truth is known, played to feed pages of docs/."""
