"""The first step of the week: a source notebook to the one that students get, and its checks."""

from autograder.release.checks import check
from autograder.release.student_version import Released, release, render

__all__ = ["Released", "check", "release", "render"]
