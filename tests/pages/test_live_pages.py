"""An open inbox learns of a new order by itself, and works as well without the live process."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from kernel.posts import Post
from shared_apps.accounts.models import User
from tests.factories.people import PASSWORD, join, make_organisation, make_user
from tests.factories.relayed import relay_tenant, write_order_event
from tests.pages.conftest import ROOT, _free_port, _wait_until_ready

A = "990001"


def _processes(web: int, live: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    environment = {
        **os.environ,
        "YZ_PORT": str(web),
        "YZ_LIVE_URL": f"http://localhost:{live}",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
    }
    commands = (
        ["gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{web}", "--log-level", "warning"],
        ["uvicorn", "config.live:application", "--port", str(live), "--log-level", "warning"],
    )
    with Path(os.devnull).open("wb") as log:
        started = [
            subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=log, stderr=log)
            for command in commands
        ]
        try:
            yield started
        finally:
            for process in started:
                process.terminate()
                process.wait(10)


@pytest.fixture
def live_site(cluster: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    web, live = _free_port(), _free_port()
    for started in _processes(web, live):
        with Path(os.devnull).open("rb") as log:
            _wait_until_ready(web, started[0], log)
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{live}/healthz", timeout=5)
                break
            except OSError:
                continue
        monkeypatch.setattr(settings, "YZ_PORT", web)
        yield f"http://localhost:{web}", started[1]


@pytest.fixture
def supplier() -> User:
    user = make_user()
    join(user, make_organisation("supplier"), [Post.SUPPLIER_SALES])
    return user


def sign_in(page: Page, site: str, user: User) -> None:
    page.goto(f"{site}/sign-in/")
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def order(user: User, number: int) -> None:
    organisation = user.memberships.get().organisation_id
    write_order_event(
        A,
        "approved",
        order_id=number,
        state="placed",
        next_post="supplier_sales",
        supplier_organisation_id=organisation,
        order_number=f"DD{number}",
    )
    relay_tenant(A)


def test_an_open_inbox_learns_by_itself(
    browser: object, live_site: tuple[str, subprocess.Popen[bytes]], supplier: User
) -> None:
    site, live = live_site
    page = browser.new_page()  # type: ignore[attr-defined]
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    sign_in(page, site, supplier)
    with page.expect_response(lambda answer: "/live/?ticket=" in answer.url and answer.status == 200):
        page.goto(f"{site}/inbox/")
    order(supplier, 1)
    expect(page.locator("#inbox-list code")).to_have_text(["DD1"], timeout=10_000)
    # The order waits, and is told as a message.
    for entry in ("/inbox/", "/messages/"):
        expect(page.locator(f"nav a[href='{entry}'] .yz-nav-badge")).to_have_text("1")
    assert problems == []
    live.terminate()
    live.wait(10)
    order(supplier, 2)
    page.goto(f"{site}/inbox/")
    expect(page.locator("#inbox-list code")).to_have_text(["DD2", "DD1"])
    page.close()
