"""A web process without HTTP: calls the WSGI application, host after host."""

from __future__ import annotations

import io
import time
from typing import Any

import django

from tests.bench.request_site import counting
from tests.bench.workers import serve

_application: Any = None
_status: list[str] = []


def begin() -> None:
    """Loads the application as a web process does."""
    from django.conf import settings
    from django.core.signals import request_finished, request_started
    from django.core.wsgi import get_wsgi_application

    global _application
    if "tenant" not in settings.DATABASES:
        # Our apps are installed on the other sides too, their rooms are not.
        request_started.disconnect(dispatch_uid="leave_rooms_started")
        request_finished.disconnect(dispatch_uid="leave_rooms_finished")
    _application = get_wsgi_application()


def add_hosts(schemas: dict[str, str]) -> None:
    """Stock django-tenants' registry: a schema by its host, in tables of its own."""
    from django.db import connection

    from tests.bench.stock.models import Client, Host

    with connection.schema_editor() as editor:
        editor.create_model(Client)
        editor.create_model(Host)
    for host, schema in schemas.items():
        client = Client(schema_name=schema, name=schema)
        client.auto_create_schema = False
        client.save()
        Host.objects.create(domain=host, tenant=client, is_primary=True)


def visit(hosts: list[str], count: int) -> dict[str, float]:
    """Requests the page `count` times, going round the hosts; returns seconds and statements a request."""
    before = counting.counted
    began = time.perf_counter()
    for number in range(count):
        _request(hosts[number % len(hosts)])
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "statements": (counting.counted - before) / count}


def _request(host: str) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    _status.clear()
    answer = _application(environ, lambda status, headers, exc_info=None: _status.append(status))
    body = b"".join(answer)
    answer.close()
    if _status != ["200 OK"] or b"<h1>1</h1>" not in body:
        raise RuntimeError(f"{host}: {_status} {body[:200]!r}")


if __name__ == "__main__":
    django.setup()
    serve({"begin": begin, "add_hosts": add_hosts, "visit": visit})
