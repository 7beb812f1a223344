"""Tests of what is told to whoever watches over the machines."""
