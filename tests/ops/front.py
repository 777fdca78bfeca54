"""PgBouncer before the test database and nginx before the web processes, from the files that are shipped."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from runtime.chromium import install
from runtime.files import locked
from runtime.layout import HERE
from runtime.wheels import postgres_bin
from tests.environment import OWNER_PASSWORD, admin_url, database_name

OPS = HERE.root / "platform" / "ops"
PACKAGES = {"nginx": "nginx-light", "pgbouncer": "pgbouncer", "openssl": "openssl"}
_PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))


def program(name: str) -> str | None:
    """The program, installed from the distribution where we may."""
    found = shutil.which(name, path=_PLACES)
    if found is not None:
        return found
    HERE.prepare()
    # Test processes side by side ask at once, and the distribution's installer has one lock.
    with locked(HERE.run / "ops-packages.lock", waiting=""):
        if shutil.which(name, path=_PLACES) is None:
            install(tuple(PACKAGES.values()), HERE.log / "ops-packages.log")
    return shutil.which(name, path=_PLACES)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args} does not listen: {log.read_text()[-3000:]}")


@contextmanager
def started(
    command: list[str], *, port: int, log: Path, environment: Mapping[str, str], user: int | None = None
) -> Iterator[None]:
    """A server while the block runs; it is given a short while to end by itself."""
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=dict(environment), user=user, cwd="/")
        try:
            wait_for(port, process, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def serving_user() -> int | None:
    """Neither PgBouncer nor an nginx worker serves as root."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def owned(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    user = serving_user()
    if user is not None:
        os.chown(folder, user, -1)
    return folder


def prepare_logins(folder: Path) -> None:
    """Runs the shipped script that makes the pool's login and the function it asks, on the test database."""
    folder.mkdir(exist_ok=True)
    for name, secret in (("owner", OWNER_PASSWORD), ("pooler", "pooler-of-tests"), ("backup", "backup-of-tests")):
        (folder / f"{name}_password").write_text(secret)
    admin = urlsplit(admin_url())
    environment = {
        **os.environ,
        "PATH": f"{postgres_bin(HERE)}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": admin.hostname or "",
        "PGPORT": str(admin.port),
        "PGUSER": admin.username or "",
        "PGPASSWORD": admin.password or "",
        "YZ_SECRETS_DIR": str(folder),
        "YZ_DATABASE_NAME": database_name(),
    }
    done = subprocess.run(
        ["sh", str(OPS / "postgres" / "init.sh")], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def pool(folder: Path) -> Iterator[str]:
    """PgBouncer as shipped, before the test database; gives `YZ_DATABASE` of processes that go through it."""
    prepare_logins(folder / "secrets")
    home, port, admin = owned(folder / "pool"), free_port(), urlsplit(admin_url())
    text = (OPS / "pgbouncer" / "pgbouncer.ini").read_text()
    text = text.replace("/tmp/pgbouncer", str(home)).replace("listen_port = 6432", f"listen_port = {port}")  # noqa: S108
    text = text.replace("listen_addr = *", "listen_addr = 127.0.0.1")
    (home / "pgbouncer.ini").write_text(text)
    (home / "password").write_text("pooler-of-tests")
    for parent in (home, *home.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o011)
    environment = {
        "PATH": _PLACES,
        "YZ_POOL_DIR": str(home),
        "YZ_POOLED_HOST": admin.hostname or "",
        "YZ_POOLED_PORT": str(admin.port),
        "YZ_POOLED_DATABASE": database_name(),
        "YZ_POOLER_PASSWORD_FILE": str(home / "password"),
    }
    command = ["sh", str(OPS / "pgbouncer" / "start.sh"), str(home / "pgbouncer.ini")]
    with started(command, port=port, log=folder / "pgbouncer.log", environment=environment, user=serving_user()):
        yield f"postgres://127.0.0.1:{port}/yz"


@dataclass(frozen=True)
class Front:
    """nginx: where it listens."""

    http: int
    https: int
    certificate: Path


def certificate(folder: Path, base_host: str) -> Path:
    """A key and a certificate of our own making for the base host and the tests' malls.

    By name: no client takes `*.localhost` for a mall's, as a star never stands for a whole domain.
    """
    names = ",".join(f"DNS:{name}" for name in (base_host, f"990001.{base_host}", f"990002.{base_host}"))
    folder.mkdir(exist_ok=True)
    subprocess.run(
        [program("openssl") or "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={base_host}",
         "-addext", f"subjectAltName={names}",
         "-keyout", str(folder / "server.key"), "-out", str(folder / "server.crt")],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return folder / "server.crt"


def nginx_files(folder: Path, *, web: int, live: int, base_host: str) -> tuple[Path, Front]:
    """The shipped template with its variables put in, as the image's entry point does, and a frame around it."""
    home = owned(folder / "nginx")
    front = Front(free_port(), free_port(), certificate(folder / "tls", base_host))
    text = (OPS / "nginx" / "default.conf.template").read_text()
    values = {
        "YZ_BASE_HOST": base_host,
        "YZ_BASE_PATTERN": base_host.replace(".", r"\."),
        "YZ_WEB": f"127.0.0.1:{web}",
        "YZ_LIVE": f"127.0.0.1:{live}",
        "YZ_HTTP_PORT": str(front.http),
        "YZ_HTTPS_PORT": str(front.https),
        "YZ_TLS_DIR": str(folder / "tls"),
    }
    # Only ours are variables: `$host` and its like are nginx's own.
    for name, value in values.items():
        text = text.replace(Template("$${$name}").substitute(name=name), value)
    (home / "default.conf").write_text(text)
    run_as = "user nobody nogroup;" if os.geteuid() == 0 else ""
    (home / "nginx.conf").write_text(
        f"{run_as} daemon off; pid {home}/nginx.pid; error_log stderr warn; worker_processes 1;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ default_type application/octet-stream; client_body_temp_path {home}/body; "
        f"proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; "
        f"scgi_temp_path {home}/s;\n"
        f"include {home}/default.conf; }}\n"
    )
    return home / "nginx.conf", front


@contextmanager
def web_front(folder: Path, *, web: int, live: int, base_host: str = "localhost") -> Iterator[Front]:
    """nginx as shipped, before a web process and a live process of this machine."""
    path, front = nginx_files(folder, web=web, live=live, base_host=base_host)
    command = [program("nginx") or "nginx", "-c", str(path), "-p", str(path.parent)]
    with started(command, port=front.https, log=folder / "nginx.log", environment={"PATH": _PLACES}):
        yield front
