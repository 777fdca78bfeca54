"""Running an HTTP client in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def run_client(module: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Hands `asked` over and returns what the client measured. Raises RuntimeError when a request failed."""
    done = subprocess.run(
        [sys.executable, "-m", module], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    said: dict[str, Any] = json.loads(done.stdout)
    if said["failures"]:
        raise RuntimeError(f"{len(said['failures'])} clients failed; the first: {said['failures'][0]}")
    return said
