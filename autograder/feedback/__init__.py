"""A Report to an annotated notebook, on a branch of the student's repository."""
