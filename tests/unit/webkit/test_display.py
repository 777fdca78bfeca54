"""Language and size of text: two cookies of the browser, from a form that leads back where one was."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from kernel.actor import ANONYMOUS
from webkit.context import shell
from webkit.display import display


def asked(method: str = "GET", data: dict[str, str] | None = None, **more: Any) -> Any:
    request = getattr(RequestFactory(), method.lower())("/display/", data or {}, **more)
    request.actor = ANONYMOUS
    request.csrf_processing_done = True
    return display(request)


def test_the_form_names_each_language_as_its_readers_do() -> None:
    page = asked(data={"next": "/orders/?page=2"}).content.decode()
    for name in ("简体中文", "English", "ئۇيغۇرچە"):
        assert name in page
    assert 'value="/orders/?page=2"' in page


def test_the_choice_is_kept_and_leads_back() -> None:
    answer = asked("POST", {"language": "ug", "size": "large", "next": "/orders/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/orders/")
    assert (answer.cookies["django_language"].value, answer.cookies["yz_size"].value) == ("ug", "large")
    assert answer.cookies["yz_size"]["httponly"]
    assert answer.cookies["yz_size"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "orders", "/\\evil"]
)
def test_it_leads_to_no_other_host(elsewhere: str) -> None:
    answer = asked("POST", {"language": "en", "size": "usual", "next": elsewhere})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("wrong", [{"language": "tlh"}, {"size": "huge"}, {"language": ""}])
def test_what_is_no_choice_is_refused_and_nothing_is_kept(wrong: dict[str, str]) -> None:
    answer = asked("POST", {"language": "en", "size": "usual", **wrong})
    assert answer.status_code == 400
    assert not answer.cookies


def test_the_shell_is_large_for_those_who_chose_it() -> None:
    request = RequestFactory().get("/", HTTP_COOKIE="yz_size=large")
    assert shell(request)["elder"] is True
    assert shell(RequestFactory().get("/", HTTP_COOKIE="yz_size=other"))["elder"] is False
