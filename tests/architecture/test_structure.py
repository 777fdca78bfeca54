"""What must hold of the tree itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tenants.database.grants import check_declarations, region_grants
from tenants.database.models import TenantModel
from tenants.database.rooms import RoomConfig, room_of, tenant_apps

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("config", "platform", "tenants", "shared_apps", "tenant_apps")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def test_the_standard_library_platform_is_not_shadowed() -> None:
    code = "import platform, sys; assert 'python' in platform.__file__, platform.__file__; print(platform.system())"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert found.stdout.strip() == "Linux"
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_every_model_of_a_tenant_is_a_tenant_model_and_no_other_is() -> None:
    for model in apps.get_models(include_auto_created=True):
        assert issubclass(model, TenantModel) == (room_of(model._meta.app_label) == "tenant"), model


def test_no_relation_crosses_the_line_between_the_rooms() -> None:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            other = field.related_model
            if isinstance(other, type) and issubclass(other, models.Model):
                assert room_of(model._meta.app_label) == room_of(other._meta.app_label), (model, field.name)


def test_every_app_of_ours_declares_its_room() -> None:
    ours = [c for c in apps.get_app_configs() if c.name.startswith(("shared_apps.", "tenant_apps."))]
    assert ours
    for config in ours:
        assert isinstance(config, RoomConfig), config.name
        assert config.room == ("region" if config.name.startswith("shared_apps.") else "tenant"), config.name
    assert [config.name for config in tenant_apps()] == [c.name for c in ours if c.room == "tenant"]


def test_grants_name_models_that_exist_and_quote_them() -> None:
    check_declarations()
    assert region_grants()


@pytest.mark.parametrize("folder", ["tenants", "shared_apps", "tenant_apps"])
def test_migrations_are_numbered_once_and_import_no_app_code(folder: str) -> None:
    for directory in sorted((ROOT / folder).rglob("migrations")):
        files = sorted(directory.glob("0*.py"))
        numbers = Counter(path.name[:4] for path in files)
        assert all(count == 1 for count in numbers.values()), (directory, numbers)
        for path in files:
            for name in _imports(path):
                allowed = name.endswith((".rules", ".fields"))
                assert allowed or not name.startswith(("shared_apps", "tenant_apps")), (path, name)


def _imports(path: Path, *, for_types: bool = True) -> set[str]:
    """What a file imports; without `for_types` not what only the type checker sees."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not for_types:
        tree.body = [node for node in tree.body if not (isinstance(node, ast.If) and _is_type_checking(node.test))]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _is_type_checking(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _app_of(name: str) -> str | None:
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] in {"shared_apps", "tenant_apps"} and len(parts) > 1 else None


def test_an_app_s_models_are_private_to_it() -> None:
    """Others use its services and selectors. Naming what a service returns, for the type checker, is no use of it."""
    offenders = []
    for path in SOURCES:
        here = ".".join(path.relative_to(ROOT).parts[:2])
        if "migrations" in path.parts:
            continue
        offenders += [
            f"{path.relative_to(ROOT)} imports {name}"
            for name in _imports(path, for_types=False)
            if "models" in name.split(".")[2:] and _app_of(name) not in {None, here}
        ]
    assert offenders == []


def test_api_and_web_never_import_each_other() -> None:
    for path in SOURCES:
        parts = path.relative_to(ROOT).parts
        for name in _imports(path):
            app = _app_of(name)
            if app is None or ".".join(parts[:2]) != app:
                continue
            assert not ("api" in parts and f"{app}.web" in name), (path, name)
            assert not ("web" in parts and f"{app}.api" in name), (path, name)


def test_rules_are_pure() -> None:
    """Rules know no Django but translation: they are tested without a database and read like the law."""
    for path in SOURCES:
        if path.name == "rules.py" or path.parent.name == "rules":
            impure = {n for n in _imports(path) if n.startswith(("django", "rest_framework"))}
            assert impure <= {"django.utils.translation", "django.utils.functional"}, (path, impure)


def test_transactions_name_their_room() -> None:
    """`transaction.atomic` always means the region: outside `tenants` only the room's own names are used."""
    for path in SOURCES:
        if path.relative_to(ROOT).parts[0] in {"shared_apps", "tenant_apps", "config"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"transaction\.(atomic|on_commit)|has_perm\(", text), path


def test_a_tree_without_paths_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
    pattern = re.compile(r"(^|[^A-Za-z0-9_.])/(work|farm|root)/")
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".html", ".sh", ".txt", ".css", ".js", ".po"} and path.is_file():
            text = path.read_text(encoding="utf-8")
            hits = [line for line in text.splitlines() if pattern.search(line) and "re.compile" not in line]
            assert hits == [], name


def test_english_file_names_and_no_file_grows_past_its_room() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in SOURCES
        if "migrations" not in path.parts and (count := len(path.read_text(encoding="utf-8").splitlines())) > 420
    }
    assert long == {}


def test_no_statement_writes_inside_a_common_table_expression() -> None:
    """Citus refuses writable CTEs: entries and balances are separate statements, the conditional UPDATE last."""
    pattern = re.compile(
        r"AS\s+(NOT\s+MATERIALIZED|MATERIALIZED)?\s*\(\s*(INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE
    )
    for path in SOURCES:
        assert not pattern.search(path.read_text(encoding="utf-8")), path
