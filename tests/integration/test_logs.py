"""The log: one line a request with its number, mall and person; the number on the page of a fault; tasks too."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config.logs import RequestLogMiddleware, formatter, number_tasks
from kernel import logs
from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.http import handler500
from kernel.posts import Post
from shared_apps.accounts import security
from shared_apps.accounts.rules import SecurityKind
from tenants.database.context import region_as, region_atomic, tenant_selected
from tests.factories.people import join, make_organisation, make_user, sign_in

NUMBER = "0123456789abcdef0123456789abcdef"


class Lines:
    """What a handler of ours writes, line by line."""

    def __init__(self, form: str = "json") -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(formatter(form))

    def __iter__(self) -> Any:
        return iter([json.loads(line) for line in self.stream.getvalue().splitlines()])

    def only(self) -> dict[str, Any]:
        (line,) = self
        return dict(line)


@pytest.fixture
def lines() -> Any:
    held = Lines()
    logger = logging.getLogger("yz")
    level = logger.level
    logger.addHandler(held.handler)
    logger.setLevel(logging.INFO)
    yield held
    logger.removeHandler(held.handler)
    logger.setLevel(level)


def answered(request: HttpRequest, *, fails: bool = False) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        request.actor = Actor(7, "某人", None)  # type: ignore[attr-defined]
        logs.say(user=7)
        logging.getLogger("yz.within").info("at work")
        return handler500(request) if fails else HttpResponse("done")

    request.resolver_match = None
    return RequestLogMiddleware(view)(request)  # type: ignore[return-value]


def test_a_request_is_one_line_and_its_lines_are_known_by_its_number(lines: Lines) -> None:
    answer = answered(RequestFactory().get("/orders/?q=张三"))
    within, line = lines
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"], line["user"]) == ("GET", "/orders/", 200, 7)
    assert line["request_id"] == within["request_id"] == answer.headers["X-Request-ID"]
    assert within["user"] == 7
    assert "张三" not in json.dumps([*lines], ensure_ascii=False), "no names, no searches"
    logging.getLogger("yz.after").info("later")
    assert "request_id" not in [*lines][-1], "what comes after belongs to nobody"


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [(1, NUMBER, True), (0, NUMBER, False), (1, "x" * 32, False), (1, NUMBER + "0", False), (1, "a\nb", False)],
)
def test_the_proxy_s_number_is_taken_over_and_a_stranger_s_is_not(
    settings: Any, proxies: int, given: str, taken: bool
) -> None:
    settings.YZ_PROXIES = proxies
    answer = answered(RequestFactory().get("/", headers={"X-Request-ID": given}))
    assert (answer.headers["X-Request-ID"] == given) is taken


def test_the_page_of_a_fault_names_the_request(lines: Lines) -> None:
    answer = answered(RequestFactory().get("/api/v1/orders/"), fails=True)
    assert json.loads(answer.content)["facts"] == {"request_id": answer.headers["X-Request-ID"]}
    assert [*lines][-1]["problem"] == "server-fault"


def test_a_line_says_which_mall_is_at_work(room: None, lines: Lines) -> None:
    with tenant_selected("990001"):
        logging.getLogger("yz.tasks").warning("slow %s", "step", extra={"seconds": 3})
    line = lines.only()
    assert (line["tenant"], line["level"], line["event"], line["seconds"]) == ("990001", "warning", "slow step", 3)


def test_a_traceback_stays_in_its_line(lines: Lines) -> None:
    try:
        raise ValueError("no\nway")
    except ValueError:
        logging.getLogger("yz.x").exception("failed")
    assert "ValueError" in lines.only()["exception"]


def test_as_text_for_a_terminal() -> None:
    held = Lines("text")
    record = logging.LogRecord("yz.x", logging.INFO, "", 0, "said %s", ("this",), None)
    with logs.about(request_id=NUMBER):
        text = held.handler.format(record)
    assert " info yz.x said this request_id=" + NUMBER in text


def test_tasks_have_numbers(lines: Lines) -> None:
    from celery import Celery

    # Of its own: an app that becomes the current one would run everybody's tasks at once from here on.
    app = Celery(broker="memory://", set_as_current=False)
    app.conf.task_always_eager = True
    number_tasks()

    @app.task(name="tests.work")
    def work() -> None:
        logging.getLogger("yz.task").info("in it")

    done = work.apply()
    assert (lines.only()["task"], lines.only()["task_id"]) == ("tests.work", done.id)
    logging.getLogger("yz.task").info("after it")
    assert not {"task", "task_id"} & list(lines)[-1].keys()


def test_every_answer_of_the_site_has_a_number(room: None) -> None:
    for host in ("localhost", "990001.localhost", "nowhere.localhost"):
        answer = Client(HTTP_HOST=host).get("/healthz")
        assert len(answer.headers["X-Request-ID"]) == 32, host


def told(lines: Lines) -> list[tuple[Any, Any]]:
    return [(line["event"], line.get("user")) for line in lines if line["logger"] == "yz.security"]


def test_the_security_stream_tells_sign_ins_and_posts_by_numbers(lines: Lines, cluster: None) -> None:
    user, office = make_user(name="张三"), make_organisation("finance_bureau", tenant_code="990001")
    client = Client(HTTP_HOST="localhost")
    client.post("/sign-in/", {"username": user.username, "password": "wrong-one"})
    join(user, office, [Post.TIER_SUPERVISOR])
    sign_in(client, user, "990001")
    found = told(lines)
    assert [event for event, _user in found] == [
        "accounts.user_created", "sign_in_failed", "accounts.member_added", "signed_in", "entered_mall",
    ]  # fmt: skip
    assert [who for event, who in found if event in {"signed_in", "entered_mall"}] == [user.pk, user.pk]
    said = json.dumps([*lines], ensure_ascii=False)
    for secret in ("张三", user.username, "wrong-one", "127.0.0.1"):
        assert secret not in said


def test_what_is_rolled_back_is_not_told(lines: Lines, cluster: None) -> None:
    def told_and_broken_off() -> None:
        with region_as("yz_region"), region_atomic():
            security.record(kind=SecurityKind.SIGNED_OUT, now=utc_now(), user_id=7)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        told_and_broken_off()
    assert told(lines) == []
    with region_as("yz_region"), region_atomic():
        security.record(kind=SecurityKind.SIGNED_OUT, now=utc_now(), user_id=7)
    assert told(lines) == [("signed_out", 7)]
