"""Scores under the course's rules."""
