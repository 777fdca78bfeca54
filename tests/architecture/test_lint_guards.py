"""The linter's own tests: each thing that loses the tenant is refused where the apps are, and our way passes."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_structure import ROOT, SOURCES

APPS = ("shared_apps", "tenant_apps", "config")
REFUSED = {
    "bare atomic": "from django.db import transaction\n\nwith transaction.atomic():\n    pass\n",
    "bare atomic by name": "from django.db.transaction import atomic\n\n\n@atomic\ndef f() -> None: ...\n",
    "bare on_commit": "from django.db import transaction\n\ntransaction.on_commit(print)\n",
    "the region's connection": "from django.db import connection\n\nconnection.cursor()\n",
    "tenant_context": "from django_tenants.utils import tenant_context\n\ntenant_context(None)\n",
    "schema_context": "import django_tenants.utils\n\ndjango_tenants.utils.schema_context('x')\n",
    "the library's log filter": "from django_tenants.log import TenantContextFilter\n\nTenantContextFilter()\n",
    "the library's cache key": "from django_tenants.cache import make_key\n\nmake_key('x', 'y', 1)\n",
    "the library's middleware": "from django_tenants import middleware\n\nmiddleware.TenantMainMiddleware()\n",
    "content types": "from django.contrib.contenttypes.models import ContentType\n\nContentType()\n",
    "generic relations": "from django.contrib.contenttypes.fields import GenericForeignKey\n\nGenericForeignKey()\n",
    "the admin": "from django.contrib import admin\n\nadmin.site\n",
    "permission decorators": "from django.contrib.auth import decorators\n\ndecorators.permission_required\n",
    "a thread": "import threading\n\nthreading.Thread(target=print)\n",
    "a pool of threads": "from concurrent.futures import ThreadPoolExecutor\n\nThreadPoolExecutor()\n",
    "pickle": "import pickle\n\npickle.dumps(1)\n",
    "the default storage": "from django.core.files.storage import default_storage\n\ndefault_storage.save('x', None)\n",
}
ALLOWED = {
    "tenant_atomic": "from tenants.database.context import tenant_atomic\n\nwith tenant_atomic():\n    pass\n",
    "a named connection": "from django.db import connections\n\nconnections['tenant'].cursor()\n",
    "marking for rollback": "from django.db import transaction\n\ntransaction.set_rollback(True, using='tenant')\n",
}


def _lint(code: str, place: str) -> str:
    found = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", place, "--no-cache", "-"],
        input=code, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    return found.stdout


@pytest.mark.parametrize("name", REFUSED)
def test_what_loses_the_tenant_is_refused(name: str) -> None:
    assert "TID251" in _lint(REFUSED[name], "tenant_apps/orders/services/probe.py")
    # The twin: where the guard is off, in the rooms' own machinery, the same line passes.
    assert "TID251" not in _lint(REFUSED[name], "tenants/database/probe.py")


@pytest.mark.parametrize("name", ALLOWED)
def test_our_own_way_passes(name: str) -> None:
    assert "TID251" not in _lint(ALLOWED[name], "tenant_apps/orders/services/probe.py")


# -- what ruff cannot see: read from the tree itself -------------------------------------------------------------------
def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node.func.id


def has_perm_in(code: str) -> bool:
    """Permissions of django.contrib.auth live in the region and know no tenant."""
    return bool({"has_perm", "has_perms", "has_module_perms", "user_passes_test"} & set(_calls(ast.parse(code))))


def caches_in(code: str) -> list[str]:
    """Things that live as long as the process, and so over all tenants: decorators of functools, and plain containers
    in a module or class that something in the file puts into."""
    tree = ast.parse(code)
    found = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if re.search(r"\b(lru_cache|functools\.cache|cache)\b", ast.unparse(decorator))
    ]
    containers = {
        target.id
        for holder in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
        for node in holder.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict | ast.List | ast.Set)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        target = None
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            target = node.targets[0].value
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"append", "add", "setdefault", "update", "extend"}
        ):
            target = node.func.value
        if isinstance(target, ast.Name | ast.Attribute):
            name = target.id if isinstance(target, ast.Name) else target.attr
            if name in containers:
                found.append(name)
    return found


# Process-wide memories of the apps, reviewed: each holds what is the same for every tenant, or names the tenant in its
# key.
KNOWN_CACHES: dict[str, set[str]] = {}


def _apps() -> list[Path]:
    return [path for path in SOURCES if path.relative_to(ROOT).parts[0] in APPS and "migrations" not in path.parts]


def test_nobody_asks_django_s_permissions() -> None:
    assert [str(path) for path in _apps() if has_perm_in(path.read_text(encoding="utf-8"))] == []
    assert has_perm_in("def f(user):\n    return user.has_perm('orders.change_order')\n")
    assert not has_perm_in("def f(actor):\n    return actor.has(1)\n")


def test_no_memory_of_the_process_holds_one_tenant_s_things() -> None:
    found = {
        str(path.relative_to(ROOT)): set(names)
        for path in _apps()
        if path.relative_to(ROOT).parts[0] == "tenant_apps" and (names := caches_in(path.read_text(encoding="utf-8")))
    }
    assert found == KNOWN_CACHES


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from functools import lru_cache\n@lru_cache(maxsize=1)\ndef f(): ...\n", ["f"]),
        ("import functools\n@functools.cache\ndef f(): ...\n", ["f"]),
        ("_kept = {}\ndef f(x):\n    _kept[x] = 1\n", ["_kept"]),
        ("class Cart:\n    lines = []\n    def put(self, x):\n        self.lines.append(x)\n", ["lines"]),
        ("WORDS = {'a': 1}\ndef f(x):\n    return WORDS[x]\n", []),
        ("def f(x):\n    kept = {}\n    kept[x] = 1\n    return kept\n", []),
    ],
)
def test_memories_are_told_from_words(code: str, found: list[str]) -> None:
    assert caches_in(code) == found


def test_nothing_is_told_by_notify() -> None:
    """Every login of the database may LISTEN: a NOTIFY would tell all tenants what it carries."""
    pattern = re.compile(r"\bpg_notify\b|[\"'\s]NOTIFY\s", re.IGNORECASE)
    assert pattern.search("cursor.execute(\"NOTIFY orders, '7'\")")
    assert pattern.search("SELECT pg_notify('orders', '7')")
    for path in SOURCES:
        assert not pattern.search(path.read_text(encoding="utf-8")), path


def test_no_tenant_task_is_declared_the_plain_way() -> None:
    """A plain task that selects a tenant named in its message would run in whichever tenant the message names."""
    for path in _apps():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any("shared_task" in ast.unparse(d) for d in node.decorator_list):
                names = {argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]}
                assert not names & {"tenant", "code", "tenant_code", "schema"}, (path, node.name)
