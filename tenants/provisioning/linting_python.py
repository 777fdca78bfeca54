"""What the Python code of a migration may not do, read from its text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django.apps import apps

from tenants.database.rooms import Room, room_of

# The code of today, which the rows of a migration's day may not fit.
TODAYS_CODE = frozenset({"models", "services", "selectors", "tasks", "demo", "consumers"})
OURS = ("tenants", "shared_apps", "tenant_apps", "config")


def code_findings(source: str, *, room: Room) -> Iterator[tuple[str, str]]:
    """(rule, what) for each refusal in the file of a migration that runs Python."""
    tree = ast.parse(source)
    for name in _imports(tree):
        parts = name.split(".")
        if name == "django.apps.apps" or (parts[0] in OURS and TODAYS_CODE.intersection(parts)):
            yield "python-imports", f"imports {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and len(node.args.args) >= 2:
            yield from _of_function(node, room)


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _of_function(function: ast.FunctionDef, room: Room) -> Iterator[tuple[str, str]]:
    registry, editor = (argument.arg for argument in function.args.args[:2])
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == editor:
            if node.attr not in {"connection", "quote_name", "quote_value"}:
                yield "python-ddl", f"{function.name} calls {editor}.{node.attr}"
        elif isinstance(node, ast.Call) and _is_get_model(node, registry):
            label = _label(node)
            if label and label in apps.app_configs and room_of(label) != room:
                yield "cross-room", f"{function.name} uses a model of {label}"


def _is_get_model(call: ast.Call, registry: str) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "get_model"
        and isinstance(function.value, ast.Name)
        and function.value.id == registry
    )


def _label(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value.split(".")[0]
    return ""
