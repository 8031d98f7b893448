"""The fixtures of the grading tests that attacks need, too."""

from tests.grading.conftest import jail

__all__ = ["jail"]
