"""The embedded Valkey: broker, cache and live events, on the loopback address with a password."""

import hashlib
import hmac
import signal
import socket
import subprocess
import time
from dataclasses import dataclass

from runtime import ports
from runtime.files import kept_secret, write_whole
from runtime.layout import Layout
from runtime.problems import Problem
from runtime.records import Record
from runtime.wheels import valkey_server

START_SECONDS = 60.0
STOP = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True)
class Flavour:
    folder: str
    persistent: bool


LOCAL = Flavour("valkey", persistent=True)
TEST = Flavour("test-valkey", persistent=False)
BENCH = Flavour("bench-valkey", persistent=False)


class Valkey:
    """One Valkey of this checkout."""

    def __init__(self, layout: Layout, flavour: Flavour = LOCAL) -> None:
        self.layout = layout
        self.flavour = flavour
        self.home = layout.local / flavour.folder
        self.log = layout.log / f"{flavour.folder}.log"
        self.record = Record.read(layout.run / f"{flavour.folder}.json")

    @property
    def port(self) -> int:
        return int(self.record.facts["port"])

    @property
    def password(self) -> str:
        secret = kept_secret(self.layout.local / "secret")
        return hmac.new(secret.encode(), self.flavour.folder.encode(), hashlib.sha256).hexdigest()

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def running(self) -> bool:
        return self.record.alive and self._ready()

    def start(self) -> bool:
        """Start it unless it runs already; returns whether it was started."""
        binary = valkey_server(self.layout)
        if self.running and self.record.facts.get("binaries") == str(binary):
            return False
        self.record.stop(*STOP)
        self.layout.prepare()
        self.home.mkdir(mode=0o700, exist_ok=True)
        self.record.facts["port"] = ports.choose(kept=self.record.facts.get("port"))
        # In a file closed to others: a password among the arguments would show in the process list.
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.password,
            "dir": f'"{self.home}"',
            "daemonize": "no",
            "save": '""',
            "appendonly": "yes" if self.flavour.persistent else "no",
        }
        config = self.home / "valkey.conf"
        write_whole(config, "".join(f"{name} {value}\n" for name, value in settings.items()))
        with self.log.open("ab") as log:
            begins = log.tell()
            process = subprocess.Popen(
                [str(binary), str(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
            )
        self.record.took(process.pid, binaries=str(binary))
        limit = time.monotonic() + START_SECONDS
        while not self._ready():
            if process.poll() is not None or time.monotonic() > limit:
                with self.log.open("rb") as log:
                    log.seek(begins)
                    said = log.read().decode("utf-8", "replace").splitlines()[-20:]
                self.record.stop(*STOP)
                raise Problem(f"Valkey did not start ({self.log}):\n" + "\n".join(said))
            time.sleep(0.02)
        return True

    def stop(self) -> bool:
        return self.record.stop(*STOP)

    def _ready(self) -> bool:
        """It has loaded its data and takes our password."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1.0) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                said = b""
                while said.count(b"\r\n") < 2:
                    part = line.recv(4096)
                    if not part:
                        return False
                    said += part
        except (OSError, KeyError):
            return False
        return b"+PONG" in said
