"""The shell as whole pages, without a database."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import RequestFactory
from django.utils.translation import override

from kernel import problems
from kernel.actor import ANONYMOUS, Actor, Belonging, HeldPost
from kernel.posts import Post
from webkit import vendor
from webkit.context import shell
from webkit.latin import latin_words
from webkit.middleware import STRICT_CSP, SecurityHeadersMiddleware
from webkit.problem_words import BY_STATUS

CLERK = Actor(
    user_id=1,
    name="阿依古丽",
    tenant="990001",
    belongs=(Belonging(1, "别处", "unit", "A", None), Belonging(2, "第二中学", "unit", "B", "990001")),
    held=(HeldPost(Post.BUYER_CLERK, 2), HeldPost(Post.BUYER_CLERK, 2, 7), HeldPost(Post.AUDITOR, 1)),
)
MALL = SimpleNamespace(code="990001", name="测试卖场", is_demo=True, kind="county", state="live")


def request_of(actor: Actor = ANONYMOUS, tenant: Any = None, **headers: str) -> HttpRequest:
    request = RequestFactory(headers=headers).get("/page")
    request.actor = actor  # type: ignore[attr-defined]
    request.tenant_ref = tenant  # type: ignore[attr-defined]
    return request


def problem_page(error: problems.DomainError, request: HttpRequest) -> str:
    return render(request, "webkit/problem.html", {"problem": problems.as_problem(error)}).content.decode()


def test_the_organisation_shown_is_the_one_of_this_mall() -> None:
    context = shell(request_of(CLERK, MALL))
    assert context["shell_organisation"] == "第二中学"
    assert len(context["shell_posts"]) == 2
    assert context["html_lang"] == "zh-Hans"
    assert context["html_dir"] == "ltr"
    assert shell(request_of())["shell_organisation"] == ""


@pytest.mark.parametrize(
    "error",
    [
        problems.InvalidInput(errors={"quantity": ["请填写整数。"]}),
        problems.SignInRequired(),
        problems.NotPermitted(),
        problems.NotFound(),
        problems.MethodNotAllowed(allowed=["GET"]),
        problems.WrongState(),
        problems.TooManyRequests(retry_after_seconds=30),
        problems.ServerFault(),
    ],
)
@pytest.mark.parametrize("actor", [ANONYMOUS, CLERK])
def test_a_problem_page_explains_itself(error: problems.DomainError, actor: Actor) -> None:
    html = problem_page(error, request_of(actor, MALL))
    assert html.count("<h1") == 1
    assert str(error.title) in html
    assert f"<code>{error.code}</code>" in html
    assert '<html lang="zh-Hans" dir="ltr"' in html
    assert 'href="#main"' in html
    assert 'id="problem"' in html


def test_a_problem_page_leads_back_within_this_host_only() -> None:
    error = problems.NotFound()
    assert 'href="/shelf?q=1"' in problem_page(error, request_of(referer="http://testserver/shelf?q=1"))
    assert "evil" not in problem_page(error, request_of(referer="http://evil.example/evil"))
    assert "testserver/page" not in problem_page(error, request_of(referer="http://testserver/page"))


def test_a_demo_mall_is_marked() -> None:
    page = problem_page(problems.NotFound(), request_of(tenant=MALL))
    assert "测试卖场" in page
    assert "yz-demo" in page
    assert "yz-demo" not in problem_page(problems.NotFound(), request_of())


def test_every_answer_carries_the_headers() -> None:
    answer = SecurityHeadersMiddleware(lambda request: HttpResponse("x"))(request_of())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "unsafe" not in STRICT_CSP
    assert "default-src 'self'" in policy


def test_vendored_files_are_as_locked() -> None:
    assert vendor.check() == []
    for name in ("tabler.min.js", "tabler.min.css", "tabler.rtl.min.css", "htmx.min.js"):
        content = (vendor.STATIC / name).read_text("utf-8")
        assert "sourceMappingURL" not in content
        assert "@import" not in content


@pytest.mark.parametrize("language", ["zh-hans", "en", "ug"])
@pytest.mark.parametrize(
    "error",
    [
        problems.InvalidInput(), problems.SignInRequired(), problems.NotPermitted(), problems.NotFound(),
        problems.Conflict(), problems.TooManyRequests(retry_after_seconds=30), problems.ServerFault(),
        problems.Unavailable(),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do_in_each_language(error: problems.DomainError, language: str) -> None:
    with override(language):
        page = problem_page(error, request_of())
        said = re.search('<p class="yz-problem-advice">(.*?)</p>', page, re.S)
    assert said is not None
    assert bool(re.search("[\u4e00-\u9fff]", said[1])) is (language != "en"), (
        "Uyghur readers get Chinese until reviewed"
    )
    assert f'dir="{"rtl" if language == "ug" else "ltr"}"' in page
    if language == "zh-hans":
        assert latin_words(page) == []


def test_each_refusal_has_advice_of_its_own() -> None:
    assert len({str(text) for text in BY_STATUS.values()}) == len(BY_STATUS)
    assert {400, 401, 403, 404, 409, 429, 500, 503} <= set(BY_STATUS)
