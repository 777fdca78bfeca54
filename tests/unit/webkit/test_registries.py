import pytest
from django.test import override_settings
from django.urls import path

from kernel.problems import Conflict, as_problem
from webkit import navigation, problem_words, states
from webkit.navigation import MenuEntry

pytestmark = pytest.mark.usefixtures("registries")

urlpatterns = [
    path("", lambda request: None, name="front"),
    path("orders/", lambda request: None, name="orders"),
    path("orders/late/", lambda request: None, name="late"),
    path("budget/", lambda request: None, name="budget"),
]


def entry(key: str, order: int = 0, **options: object) -> MenuEntry:
    values = {"posts": None, "room": "both", "url_name": key, **options}
    return MenuEntry(key=key, label=key, icon="home", order=order, **values)  # type: ignore[arg-type]


def shown(*, room: str = "tenant", posts: tuple[str, ...] = (), signed_in: bool = False, path: str = "/") -> list[str]:
    with override_settings(ROOT_URLCONF=__name__):
        found = navigation.links(room=room, posts=posts, signed_in=signed_in, path=path)  # type: ignore[arg-type]
    return [f"{link.key}*" if link.current else link.key for link in found]


def test_menu_is_what_the_person_may_open_here() -> None:
    navigation.register(entry("budget", 4, posts=frozenset({"buyer_clerk"})))
    navigation.register(entry("orders", 3, signed_in=True))
    navigation.register(entry("front", 1))
    navigation.register(entry("absent", 2))
    assert shown() == ["front*"]
    assert shown(signed_in=True) == ["front*", "orders"]
    assert shown(signed_in=True, posts=("buyer_clerk",)) == ["front*", "orders", "budget"]
    assert shown(signed_in=True, posts=("auditor",)) == ["front*", "orders"]


def test_menu_entries_stay_in_their_room() -> None:
    navigation.register(entry("front", room="region"))
    navigation.register(entry("orders", room="tenant"))
    assert shown(room="region") == ["front*"]
    assert shown(room="tenant") == ["orders"]


def test_the_longest_address_is_the_current_one() -> None:
    navigation.register(entry("front", 1))
    navigation.register(entry("orders", 2))
    navigation.register(entry("late", 3))
    assert shown(path="/orders/7/") == ["front", "orders*", "late"]
    assert shown(path="/orders/late/7/") == ["front", "orders", "late*"]
    assert shown(path="/elsewhere/") == ["front", "orders", "late"]


def folded(line: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(navigation, "LINE_WIDTH", line)
    with override_settings(ROOT_URLCONF=__name__):
        found = navigation.links(room="region", posts=(), signed_in=False, path="/orders/7/")
    return [
        f"{item.label}{'*' if item.current else ''}: {[link.key for link in item.links]}"
        if isinstance(item, navigation.Fold)
        else item.key
        for item in navigation.folded(found)
    ]


def test_of_a_menu_longer_than_a_line_the_fewest_groups_are_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "GROUPS", {"g": "G", "h": "H"})
    navigation.register(entry("front", 1))
    navigation.register(entry("orders", 2, group="g"))
    navigation.register(entry("late", 3, group="h"))
    navigation.register(entry("budget", 4, group="g"))
    # Widths: 96, 104, 88, 104; the fold "G" is 64 wide. A group of one is never folded.
    assert folded(392, monkeypatch) == ["front", "orders", "late", "budget"]
    assert folded(391, monkeypatch) == ["front", "G*: ['orders', 'budget']", "late"]
    assert folded(1, monkeypatch) == ["front", "G*: ['orders', 'budget']", "late"]


def test_a_group_is_known() -> None:
    with pytest.raises(ValueError, match="no group lost"):
        navigation.register(entry("other", group="lost"))


def test_the_menu_is_closed_once_shown() -> None:
    navigation.register(entry("front"))
    with pytest.raises(ValueError, match="front"):
        navigation.register(entry("front"))
    shown()
    with pytest.raises(RuntimeError, match="late"):
        navigation.register(entry("late"))


def test_states_have_one_label_and_a_known_colour() -> None:
    states.register("orders", {"draft": ("草稿", "secondary")})
    assert states.label_of("orders", "draft").label == "草稿"
    with pytest.raises(KeyError, match="lost"):
        states.label_of("orders", "lost")
    with pytest.raises(KeyError, match="contracts"):
        states.label_of("contracts", "draft")
    with pytest.raises(ValueError, match="pink"):
        states.register("contracts", {"draft": ("草稿", "pink")})
    with pytest.raises(ValueError, match="orders"):
        states.register("orders", {})


def test_facts_are_shown_in_words_or_not_at_all() -> None:
    problem_words.register(
        "conflict",
        facts={
            "needed": ("需要", "money"),
            "until": ("截止", "date"),
            "names": ("名称", "text"),
            "gone": ("无", "text"),
        },
        advice="换一条预算指标。",
    )
    problem = as_problem(Conflict(needed="12.3", until="2026-11-23", names=["甲", "乙"], secret="x"))
    rows = problem_words.fact_rows(problem)
    assert [label for label, _ in rows] == ["需要", "截止", "名称"]
    assert rows[0][1] == "¥12.30"
    assert rows[2][1] == "甲、乙"
    assert problem_words.advice(problem) == "换一条预算指标。"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 415, 418, 422, 429, 500, 503])
def test_every_status_has_advice(status: int) -> None:
    assert str(problem_words.advice({"code": "unheard-of", "status": status}))
