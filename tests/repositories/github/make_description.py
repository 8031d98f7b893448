"""Cuts GitHub's own description of its interface down to what the tests use.

    npm pack @octokit/openapi@23.0.2
    tar xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json
    python tests/repositories/github/make_description.py package/generated/api.github.com.json

Writes github_rest.json beside this file: the operations below and every schema that they need, word
for word, but for texts and examples, which no validator reads. NOTICE.md has the licences.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REPO = "/repos/{owner}/{repo}"
OPERATIONS = (
    ("get", REPO),
    ("get", f"{REPO}/activity"),
    ("get", f"{REPO}/branches"),
    ("put", f"{REPO}/collaborators/{{username}}"),
    ("get", f"{REPO}/commits/{{ref}}/statuses"),
    ("get", f"{REPO}/issues/{{issue_number}}/comments"),
    ("get", f"{REPO}/pulls"),
    ("post", f"{REPO}/pulls"),
    ("get", f"{REPO}/pulls/{{pull_number}}"),
    ("patch", f"{REPO}/pulls/{{pull_number}}"),
    ("get", f"{REPO}/pulls/{{pull_number}}/comments"),
    ("get", f"{REPO}/pulls/{{pull_number}}/reviews"),
    ("post", f"{REPO}/pulls/{{pull_number}}/reviews"),
    ("get", f"{REPO}/rulesets"),
    ("post", f"{REPO}/rulesets"),
    ("put", f"{REPO}/rulesets/{{ruleset_id}}"),
    ("post", f"{REPO}/statuses/{{sha}}"),
    ("post", "/repos/{template_owner}/{template_repo}/generate"),
    ("post", "/orgs/{org}/repos"),
    ("post", "/user/repos"),
    ("get", "/users/{username}"),
)
_TEXTS = ("description", "summary", "externalDocs", "example", "examples", "tags")
_NAMED = ("properties", "schemas", "parameters", "responses", "headers", "patternProperties")


def main(source: Path) -> None:
    whole = json.loads(source.read_text(encoding="utf-8"))
    paths: dict[str, dict[str, Any]] = {}
    for verb, path in OPERATIONS:
        paths.setdefault(path, {})[verb] = without_texts(whole["paths"][path][verb])
    components: dict[str, dict[str, Any]] = {}
    waiting = [*references(paths), "#/components/schemas/basic-error"]
    while waiting:
        kind, name = waiting.pop().removeprefix("#/components/").split("/")
        if name not in components.setdefault(kind, {}):
            part = without_texts({name: whole["components"][kind][name]}, kind)[name]
            components[kind][name] = part
            waiting += references(part)
    subset = {
        "openapi": whole["openapi"],
        "info": {
            "title": "A part of GitHub's description of its REST interface",
            "version": whole["info"]["version"],
            "license": whole["info"]["license"],
        },
        "servers": [{"url": "https://api.github.com"}],
        "paths": dict(sorted(paths.items())),
        "components": {kind: dict(sorted(parts.items())) for kind, parts in components.items()},
    }
    text = json.dumps(subset, separators=(",", ":"), ensure_ascii=False)
    (HERE / "github_rest.json").write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")


def without_texts(part: Any, place: str = "") -> Any:
    """The part without what only people read; a property may be named like a text."""
    if isinstance(part, list):
        return [without_texts(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: without_texts(value, key)
        for key, value in part.items()
        if place in _NAMED or (key not in _TEXTS and not key.startswith("x-"))
    }
    if place == "responses":
        for response in kept.values():
            if "$ref" not in response:
                response.setdefault("description", "")  # the standard wants one
    return kept


def references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [name for item in part for name in references(item)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [name for value in part.values() for name in references(value)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
