"""Every error that the platform raises on purpose, in one tree.

AutograderError
├── CourseError         ours: a setting, the roster or the calendar is impossible
├── ReleaseError        ours: a source notebook or its hidden tests are not fit to be released
├── RepositoryError     ours: a repository or its server does not answer as it should
│   └── GitHubError     the same of GitHub, with the cause; in repositories/github/troubles.py
├── SandboxError        ours: student code cannot be run safely on this host
└── StudentError        theirs: becomes a score, never stops a run
    ├── StudentTimeoutError
    ├── StudentCrashError
    └── NotAttemptedError
"""


class AutograderError(Exception):
    """The root: catch this to catch everything that the platform raises on purpose."""


class CourseError(AutograderError):
    """A setting, the roster or the calendar is impossible; `problems` lists each one."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class ReleaseError(AutograderError):
    """An assignment is not fit to be released; `problems` lists each reason."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class RepositoryError(AutograderError):
    """Git or a repository's server failed; `returncode` is git's exit status where there is one."""

    def __init__(self, message: str, returncode: int | None = None) -> None:
        super().__init__(message)
        self.returncode = returncode


class SandboxError(AutograderError):
    """Student code cannot be run safely here, or the sandbox itself failed to start."""


class StudentError(AutograderError):
    """What a student's code did to its own session; it becomes a score, never stops a run."""


class StudentTimeoutError(StudentError):
    """The student's code did not answer in time; its process was ended."""


class StudentCrashError(StudentError):
    """The student's process ended, or it broke the protocol of the wire."""


class NotAttemptedError(StudentError):
    """The notebook holds no answer to what a hidden test asks for."""
