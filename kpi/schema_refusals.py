"""What every operation of the API may answer whatever is asked: too many questions, or a database that is away. Written once."""

from __future__ import annotations

from typing import Any

ANSWER = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
EVERYWHERE = {
    "401": "Nobody is logged in, or the token is not in force.",
    "403": "Nobody is logged in, or the role does not include this.",
    "405": "The address is not asked this way.",
    "406": "No form of the answer that is wanted is made.",
    "429": "Too many questions: come back after Retry-After seconds.",
    "503": "The database does not answer: come back after Retry-After seconds.",
}
METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def everywhere(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """For SPECTACULAR_SETTINGS; what an operation says itself stands."""
    for operations in result.get("paths", {}).values():
        for method in METHODS & set(operations):
            answers = operations[method]["responses"]
            for status, words in EVERYWHERE.items():
                answers.setdefault(status, {"content": ANSWER, "description": words})
            operations[method]["responses"] = dict(sorted(answers.items()))
    return result
