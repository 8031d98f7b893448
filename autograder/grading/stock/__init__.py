"""Notebooks written for nbgrader itself: the asserts of their grade cells run in the grader."""
