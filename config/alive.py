"""The image's health check: asks the web process of this container whether it answers. Exit status 0 or 1."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    _, _, port = os.environ.get("YZ_BIND", "0.0.0.0:8000").rpartition(":")
    # As nginx asks: with one of our names, over what was TLS outside.
    headers = {"Host": os.environ.get("YZ_BASE_HOST", "localhost"), "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310  # the address above
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
