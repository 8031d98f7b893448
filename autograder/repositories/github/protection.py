"""The rules that keep a repository's history: what students may not do to which branches."""

from __future__ import annotations

from typing import Any

FEEDBACK = "autograder: feedback branches are the staff's"
SUBMITTED = "autograder: main keeps its history"

_ADMINISTRATOR = 5  # GitHub's number of the repository role Admin, which students do not have


def rulesets(submitted: str = "main") -> tuple[dict[str, Any], ...]:
    """GitHub's rulesets for a student's repository.

    On `feedback/*` and on `feedback-base/*`, from which feedback departs, only administrators
    create, move and delete branches; a branch named `feedback` is theirs too, since Git keeps no
    `feedback/x` beside it. The submitted branch takes pushes but no force-push and no deletion.
    """
    names = ("feedback", "feedback-base")
    feedback = [f"refs/heads/{name}{rest}" for name in names for rest in ("", "/*", "/**/*")]
    return (
        _ruleset(FEEDBACK, feedback, "creation", "update", "deletion", "non_fast_forward"),
        _ruleset(SUBMITTED, [f"refs/heads/{submitted}"], "deletion", "non_fast_forward"),
    )


def _ruleset(name: str, refs: list[str], *rules: str) -> dict[str, Any]:
    return {
        "name": name,
        "target": "branch",
        "enforcement": "active",
        "bypass_actors": [
            {"actor_id": _ADMINISTRATOR, "actor_type": "RepositoryRole", "bypass_mode": "always"}
        ],
        "conditions": {"ref_name": {"include": refs, "exclude": []}},
        "rules": [{"type": rule} for rule in rules],
    }
