"""Known wrong answers to homework 5; each loses points, and is told its note."""

MISTAKES = []
