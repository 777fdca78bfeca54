"""The help centre: a page for every role, true to the pages it speaks of, whole in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polib
import pytest
from django.test import Client

from config.help.law import GPL_44, GPL_47
from config.help.pages import address_of
from config.help.roles import ROLES, picture_names
from kernel.posts import DERIVED_POSTS, Post
from tenants.database.context import region_as
from tests.factories import agencies
from tests.factories.orders import Shop, make_shop
from tests.factories.people import sign_in
from tests.pages.conftest import Visit, address, page_text
from tests.pages.every import people_of_the_region
from tests.pages.walks import in_order
from webkit.catalogues import catalogue_files

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "config" / "static" / "help"
PICTURES_BYTES_MAX = 2_000_000
A = "990001"
HAN = re.compile(r"[\u4e00-\u9fff]+")
QUOTED = re.compile("“([^”]+)”")
# What a reader of another language is shown in Chinese all the same: the law, names, what nobody translated for Uyghur.
CHINESE_PARTS = re.compile(r'<(\w+)[^>]* lang="zh-Hans"[^>]*>.*?</\1>', re.S)


@cache
def translations() -> dict[str, set[str]]:
    """Every text of the pages in English, with its Chinese ones; those of the help centre's own pages left out."""
    found: dict[str, set[str]] = {}
    for path in catalogue_files(ROOT):
        if "zh_Hans" in path.parts and path.relative_to(ROOT).parts[0] != "config":
            for entry in polib.pofile(str(path)):
                found.setdefault(entry.msgid, set()).add(entry.msgstr)
    return found


@pytest.fixture(scope="module")
def shop(kept_world: Callable[[], None]) -> Shop:
    built = make_shop(A)
    people_of_the_region(built)
    with region_as("yz_region"):
        manager = built.people[Post.AGENCY_MANAGER]
        agencies.published(organisation=manager.memberships.get().organisation, manager=manager)
    kept_world()
    return built


def client_of(tenant: str | None = None, language: str = "zh-hans") -> Client:
    client = Client(HTTP_HOST=f"{tenant}.localhost" if tenant else "localhost")
    client.cookies["django_language"] = language
    return client


def test_every_post_has_a_page() -> None:
    described = {post for role in ROLES.values() for post in role.posts or ()}
    assert described == set(Post) - DERIVED_POSTS


def test_pictures_are_there_and_no_others_and_small() -> None:
    kept = {path.stem: path.stat().st_size for path in PICTURES.glob("*.webp")}
    assert sorted(kept) == picture_names()
    assert 0 < sum(kept.values()) < PICTURES_BYTES_MAX
    assert all(task.picture.alt for role in ROLES.values() for task in role.tasks if task.picture)


def test_what_a_step_puts_in_quotation_marks_is_written_on_a_page(cluster: None) -> None:
    """A button that is renamed takes its step along: in English, and in the Chinese of the same button."""
    from django.utils.translation import override

    unknown = []
    for role in ROLES.values():
        for task in role.tasks:
            for step in task.steps:
                with override("en"):
                    labels = QUOTED.findall(str(step))
                with override("zh-hans"):
                    chinese = QUOTED.findall(str(step))
                shown = [translations().get(label, set()) for label in labels]
                if not all(shown) or sorted(chinese) != sorted(set(chinese) & set().union(*shown)):
                    unknown.append((role.key, task.key, labels, chinese))
    assert unknown == []


def test_the_law_is_quoted_as_the_rulebook_ships_it() -> None:
    shipped = (ROOT / "shared_apps" / "rulebook" / "data" / "law.csv").read_text("utf-8")
    words = {law.words for role in ROLES.values() for task in role.tasks for law in task.law}
    # Two articles are not among the rulebook's: compared by hand with the statute.
    beside = {law.words for law in (GPL_44, GPL_47)}
    assert {one for one in words if one not in shipped} == beside


@pytest.mark.parametrize("tenant", [None, A])
def test_pages_are_whole_in_each_language(shop: Shop, tenant: str | None) -> None:
    chinese, english, uyghur = (client_of(tenant, language) for language in ("zh-hans", "en", "ug"))
    for path in ("/help/", "/help/?q=nothing-of-it", *(f"/help/{key}/" for key in ROLES)):
        if "?" not in path:
            page_text(chinese, path)
        main = re.search("<main.*</main>", english.get(path).content.decode(), re.S)
        assert main is not None
        assert HAN.findall(CHINESE_PARTS.sub("", main.group())) == [], path
        text = uyghur.get(path).content.decode()
        assert 'dir="rtl"' in text
        assert HAN.search(text), "Chinese until a reviewer has read the Uyghur"
    assert chinese.get("/help/nobody/").status_code == 404


def _links(text: str) -> list[str]:
    return re.findall(r'<a class="btn btn-primary" href="([^"]+)"', text)


@pytest.mark.parametrize("room", ["region", "tenant"])
def test_links_lead_the_person_of_the_role_to_the_page(shop: Shop, room: str) -> None:
    tenant = A if room == "tenant" else None
    wanted, reached = set(), set()
    for role in ROLES.values():
        tasks = [task for task in role.tasks if task.page and task.page.room in {room, "both"}]
        wanted |= {(role.key, task.key) for task in tasks}
        for post in sorted(role.posts if role.posts is not None else {Post.BUYER_CLERK}) or [None]:
            client = client_of(tenant) if post is None else sign_in(client_of(), shop.people[post], tenant)
            links = _links(page_text(client, f"/help/{role.key}/"))
            for task in tasks:
                to = address_of(task.page, in_mall=tenant is not None) if task.page else ""
                assert to in links, (role.key, task.key)
                # Where a role is of two posts, one of them may be the other's superior.
                if (role.key, task.key) not in reached and client.get(to).status_code == 200:
                    reached.add((role.key, task.key))
    assert wanted - reached == set()


def test_a_link_is_not_offered_to_whom_the_page_is_closed(shop: Shop) -> None:
    client = sign_in(client_of(), shop.people[Post.BUYER_CLERK], A)
    assert _links(client.get("/help/payer/").content.decode()) == []
    assert _links(client.get("/help/clerk/").content.decode()) != []
    front = client.get("/help/").content.decode()
    own = front[front.index("与您有关") : front.index("全部角色")]
    assert 'href="/help/clerk/"' in own
    assert 'href="/help/payer/"' not in own


def test_search_finds_tasks_by_words_and_labels() -> None:
    client = client_of()
    text = client.get("/help/", {"q": "申请支付"}).content.decode()
    assert 'href="/help/payer/#pay"' in text
    assert 'href="/help/clerk/#find"' not in text[: text.index("全部角色")]
    text = client.get("/help/", {"q": "没有这样的词"}).content.decode()
    assert "没有提到“没有这样的词”的事项" in text
    assert "&lt;b&gt;" in client.get("/help/", {"q": "<b>"}).content.decode()


def test_every_page_and_every_refusal_leads_to_help() -> None:
    client = client_of()
    for path in ("/", "/sign-in/", "/help/"):
        footer = re.search("<footer.*</footer>", client.get(path).content.decode(), re.S)
        assert footer is not None
        assert 'href="/help/"' in footer.group()
    refused = client.get("/nothing/").content.decode()
    assert 'href="/help/"' in refused[refused.index("yz-problem-actions") : refused.index("</main>")]


def test_in_a_browser(visitor: Visit, site: str, shop: Shop) -> None:
    page = visitor(shop.people[Post.BUYER_CLERK], tenant=A)
    page.locator("footer a[href='/help/']").click()
    in_order(page, "help")
    page.locator("main a[href='/help/clerk/']").first.click()
    for picture in page.locator("main img").all():
        picture.scroll_into_view_if_needed()
    page.wait_for_function("[...document.querySelectorAll('main img')].every(i => i.complete && i.naturalWidth)")
    in_order(page, "help-clerk")
    page.goto(address(site, "/help/bureau/"))
    in_order(page, "help-bureau")
