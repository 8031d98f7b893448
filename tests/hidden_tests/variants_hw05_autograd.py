"""Right answers to homework 5 in other forms; each earns all points."""

VARIANTS = []
