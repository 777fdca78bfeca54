"""A real browser against real web processes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from shared_apps.accounts.models import User
from tests.database import close_all
from tests.factories.people import PASSWORD
from webkit.latin import latin_words

ROOT = Path(__file__).parents[2]
AXE = Path(__file__).parent / "axe" / "axe.min.js"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE, NARROW = (1366, 900), (390, 844)


def process_environment(**more: str) -> dict[str, str]:
    """What web, worker and relay processes of these tests get: the test database, and a broker of their own."""
    return {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        "YZ_BROKER_URL": settings.REDIS_URL.rpartition("/")[0] + "/9",
        **more,
    }


def chromium() -> str | None:
    """The browser that bin/test found, or one on the path."""
    return os.environ.get("YZ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where no browser can be had the tests that need one are skipped, and with CI=true they fail."""
    if chromium() is None and os.environ.get("CI") != "true":
        for item in items:
            if "browser" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason="NO CHROMIUM: real-browser tests are skipped"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    assert path, "no Chromium: install Debian's package `chromium`"
    # Playwright's loop marks the thread as asynchronous; the tests' own queries are plain ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # And Django keeps other connections for such a thread: those of before would stay open unseen, and a process that a
    # test forks, in which no loop runs, would find them and share them with us.
    close_all()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield started
        started.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(cluster: None) -> Iterator[str]:
    """Web workers of the kind that run in production, on the test database; gives the port's suffix `:NNNN`."""
    port = _free_port()
    environment = process_environment(YZ_PORT=str(port))
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}",
             "--workers", "2", "--log-level", "warning"],
            cwd=ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait_until_ready(port, process, log)
            settings.YZ_PORT = port
            yield f":{port}"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:  # a browser holds its connection open on a busy machine
                process.kill()
                process.wait(10)


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: object) -> None:
    for _ in range(100):
        if process.poll() is not None:
            break
        try:
            request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": "localhost"})
            with urllib.request.urlopen(request, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    log.seek(0)  # type: ignore[attr-defined]
    raise RuntimeError(f"the web process did not answer: {log.read().decode()[-3000:]}")  # type: ignore[attr-defined]


def address(site: str, path: str, tenant: str | None = None) -> str:
    """The absolute address of a path on the region's host or a tenant's."""
    return f"http://{f'{tenant}.' if tenant else ''}localhost{site}{path}"


def page_text(client: Client, path: str, status: int = 200) -> str:
    """A page without a browser: its status is the one expected, and no word of it is Latin."""
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == status, page[:600]
    assert latin_words(page) == []
    return page


Visit = Callable[..., Page]


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Visit]:
    """Opens a page as a person: `visitor(user, tenant="990001", size=NARROW)`; without a user as the public."""
    contexts: list[BrowserContext] = []

    def visit(user: User | None = None, *, tenant: str | None = None, size: tuple[int, int] = WIDE) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if user is None:
            page.goto(address(site, "/", tenant))
            return page
        page.goto(address(site, "/sign-in/"))
        page.fill("input[name=username]", user.username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_load_state()
        if tenant:
            page.goto(address(site, "/", tenant))
            enter(page, site, tenant)
        return page

    yield visit
    for context in contexts:
        context.close()


def enter(page: Page, site: str, tenant: str) -> None:
    """Crosses from the region's host to a mall by the button a person would press."""
    page.goto(address(site, "/"))
    page.click(f"form[action='/malls/{tenant}/enter/'] button")
    page.wait_for_url(f"**//{tenant}.localhost**")


def axe_findings(page: Page) -> list[str]:
    """What axe finds on the page as it stands: rule, impact and the first element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
    result = page.evaluate("async () => await axe.run(document, {resultTypes: ['violations']})")
    return [f"{found['id']} ({found['impact']}): {found['nodes'][0]['html'][:160]}" for found in result["violations"]]
