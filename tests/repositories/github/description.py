"""GitHub's own description of its interface: what a request and an answer have to look like."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

FILE = Path(__file__).parent / "github_rest.json"
HOST = "https://api.github.com"
AT = "2026-09-01T12:00:00Z"


class Description:
    """Holds requests and answers to the description, and makes answers of its shape."""

    def __init__(self) -> None:
        self._document = json.loads(FILE.read_text(encoding="utf-8"))
        self._api = OpenAPI.from_dict(self._document)

    def request_faults(
        self, verb: str, path: str, template: str, query: Mapping[str, str], body: Any
    ) -> list[str]:
        """What is wrong with a request; names that GitHub does not know count, although it would
        pass over them in silence."""
        operation = self._document["paths"][template][verb.lower()]
        parameters = [self._resolve(p) for p in operation.get("parameters", [])]
        known = {p["name"] for p in parameters if p["in"] == "query"}
        faults = [f"unknown query {name}" for name in set(query) - known]
        if isinstance(body, dict) and "requestBody" in operation:
            content = self._resolve(operation["requestBody"])["content"]["application/json"]
            names = self._properties(content["schema"])
            faults += [f"unknown key {name}" for name in set(body) - names]
        try:
            self._api.validate_request(_request(verb, path, query, body))
        except OpenAPIError as error:
            faults.append(f"{error!r} {error.__cause__ or ''}")
        return [f"{verb} {path}: {fault}" for fault in faults]

    def answer_faults(
        self, verb: str, path: str, template: str, query: Mapping[str, str], status: int, body: Any
    ) -> list[str]:
        """What is wrong with an answer. A failure that the description leaves out, as of a server
        that is down or a limit that is reached, has to be a basic error."""
        operation = self._document["paths"][template][verb.lower()]
        if str(status) not in operation["responses"]:
            is_error = isinstance(body, dict) and isinstance(body.get("message"), str)
            return [] if status >= 300 and is_error else [f"{verb} {path}: no answer {status}"]
        data = b"" if body is None else json.dumps(body).encode()
        try:
            self._api.validate_response(
                _request(verb, path, query, None), MockResponse(data, status)
            )
        except OpenAPIError as error:
            return [f"{verb} {path} -> {status}: {error!r} {error.__cause__ or ''}"]
        return []

    def sample(self, schema: str, **values: Any) -> dict[str, Any]:
        """An object with all that the schema requires, and these values in it."""
        made = self._sample({"$ref": f"#/components/schemas/{schema}"})
        return _overlay(made, values)

    def _sample(self, schema: dict[str, Any]) -> Any:
        schema = self._resolve(schema)
        if schema.get("nullable"):
            return None
        if "enum" in schema:
            return schema["enum"][0]
        if "allOf" in schema:
            made: dict[str, Any] = {}
            for part in schema["allOf"]:
                made |= self._sample(part) or {}
            return made
        for word in ("oneOf", "anyOf"):
            if word in schema and "properties" not in schema:
                return self._sample(schema[word][0])
        return self._of_type(schema)

    def _of_type(self, schema: dict[str, Any]) -> Any:
        if "properties" in schema or schema.get("type") == "object":
            properties = schema.get("properties", {})
            return {name: self._sample(properties[name]) for name in schema.get("required", ())}
        kind = schema.get("type")
        if kind == "string":
            formats = {"date-time": AT, "uri": f"{HOST}/", "email": "a@example.org"}
            return formats.get(schema.get("format", ""), "text")
        return {"integer": 1, "number": 1, "boolean": False, "array": []}.get(str(kind))

    def _properties(self, schema: dict[str, Any]) -> set[str]:
        schema = self._resolve(schema)
        parts = [p for word in ("allOf", "oneOf", "anyOf") for p in schema.get(word, ())]
        return set(schema.get("properties", ())).union(*(self._properties(p) for p in parts))

    def _resolve(self, part: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in part:
            _, _, kind, name = part["$ref"].split("/")
            part = self._document["components"][kind][name]
        return part


def _request(verb: str, path: str, query: Mapping[str, str], body: Any) -> MockRequest:
    data = None if body is None else json.dumps(body).encode()
    return MockRequest(
        HOST, verb.lower(), path, args=dict(query), data=data, content_type="application/json"
    )


def _overlay(base: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(base or {})
    for key, value in values.items():
        is_part = isinstance(value, dict) and isinstance(made.get(key), dict)
        made[key] = _overlay(made[key], value) if is_part else value
    return made
