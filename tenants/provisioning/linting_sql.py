"""What a migration's SQL text may not say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.db.migrations.operations import RunSQL

from tenants.database.rooms import Room

_FLAGS = re.IGNORECASE | re.DOTALL
# What a rerun may find done already, and no transaction should hold.
_REPEATABLE = re.compile(
    r"^\s*(CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY|DROP\s+INDEX\s+CONCURRENTLY\s+IF\s+EXISTS|"
    r"ALTER\s+TABLE\s+(ONLY\s+)?\S+\s+VALIDATE\s+CONSTRAINT)\b",
    _FLAGS,
)
_CODE = re.compile(r"\$(\w*)\$.*?\$\1\$", _FLAGS)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_TEXT = re.compile(r"'(?:[^']|'')*'")

_SCHEMA = re.compile(r"\b(public|tenant_template|t[0-9]{6}\w*)\"?\s*\.", re.IGNORECASE)
_OTHER_TENANT = re.compile(r"\b(tenant_template|t[0-9]{6}\w*)\"?\s*\.", re.IGNORECASE)
_SETS_PATH = re.compile(r"(^|;)\s*SET\s+(LOCAL\s+|SESSION\s+)?\"?search_path|set_config\s*\(\s*'search_path'", _FLAGS)
_TRIGGER = re.compile(r"\bCREATE\s+(OR\s+REPLACE\s+)?(CONSTRAINT\s+|EVENT\s+)?(TRIGGER|RULE)\b", _FLAGS)
_FUNCTION = re.compile(
    r"\bCREATE\s+(OR\s+REPLACE\s+)?(FUNCTION|PROCEDURE)\b|(^|;)\s*DO\s+(LANGUAGE\s+\w+\s*)?\$", _FLAGS
)
_REWRITE = re.compile(r"\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b|\bVACUUM\s+FULL\b|(^|;)\s*CLUSTER\b", _FLAGS)
_RENAME = re.compile(r"\bALTER\s+TABLE\b[^;]*\bRENAME\s+(?!CONSTRAINT\b)", _FLAGS)
_INDEX = re.compile(r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)", _FLAGS)
_CONSTRAINT = re.compile(r"\bADD\s+(CONSTRAINT\b|FOREIGN\s+KEY\b|CHECK\b|UNIQUE\b)", _FLAGS)
_CHEAP_CONSTRAINT = re.compile(r"\bNOT\s+VALID\b|\bUSING\s+INDEX\b", _FLAGS)
_NOT_NULL = re.compile(r"\bSET\s+NOT\s+NULL\b", _FLAGS)


def texts(operation: RunSQL) -> list[str]:
    """The statements of an operation, both ways it can be written."""
    if isinstance(operation.sql, str):
        return [operation.sql] if operation.sql else []
    return [part if isinstance(part, str) else part[0] for part in operation.sql]


def repeatable(operation: RunSQL) -> bool:
    """Whether it only does what may be run again, outside a transaction."""
    statements = [line for text in texts(operation) for line in _bare(text).split(";") if line.strip()]
    return bool(statements) and all(_REPEATABLE.match(line) for line in statements)


def _bare(text: str) -> str:
    """Without comments, and without the bodies of functions and quoted texts, which are not run here."""
    return _TEXT.sub("''", _CODE.sub("$$$$", _COMMENT.sub(" ", text)))


def sql_findings(
    operation: RunSQL, *, room: Room, tables: Mapping[str, tuple[Room, bool]]
) -> Iterator[tuple[str, str]]:
    """(rule, what) for each refusal. `tables` tells of every table its room and whether it is big."""
    for text in texts(operation):
        whole = _COMMENT.sub(" ", text)
        bare = _bare(text)
        yield from _names(whole if room == "tenant" else bare, room, tables)
        if _SETS_PATH.search(_CODE.sub("", whole)):
            yield "search-path", _said(bare)
        if room == "tenant":
            if _TRIGGER.search(bare):
                yield "trigger", _said(bare)
            if _FUNCTION.search(whole):
                yield "function", _said(bare)
        for statement in bare.split(";"):
            yield from _of_statement(statement, tables)


def _names(text: str, room: Room, tables: Mapping[str, tuple[Room, bool]]) -> Iterator[tuple[str, str]]:
    schema = (_SCHEMA if room == "tenant" else _OTHER_TENANT).search(text)
    if schema:
        yield "other-schema", f"names the schema {schema[1]}"
    named = set(re.findall(r"\w+", text))
    for table in sorted(named & tables.keys()):
        if tables[table][0] != room:
            yield "cross-room", f"names {table}, a table of the other room"


def _of_statement(statement: str, tables: Mapping[str, tuple[Room, bool]]) -> Iterator[tuple[str, str]]:
    words = set(re.findall(r"\w+", statement))
    big = any(tables[table][1] for table in words & tables.keys())
    said = _said(statement)
    if _REWRITE.search(statement):
        yield "table-rewrite", said
    if _RENAME.search(statement):
        yield "rename", said
    if not big:
        return
    if _INDEX.search(statement):
        yield "index-locks", said
    if _CONSTRAINT.search(statement) and not _CHEAP_CONSTRAINT.search(statement):
        yield "constraint-scans", said
    if _NOT_NULL.search(statement):
        yield "not-null-scans", said


def _said(statement: str) -> str:
    said = " ".join(statement.split())
    return said if len(said) <= 80 else f"{said[:79]}…"
