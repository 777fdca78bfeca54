from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError

from webkit import states
from webkit.templatetags.webkit import ICONS


def draw(source: str, **context: Any) -> str:
    return Template("{% load i18n webkit %}" + source).render(Context(context))


def test_every_listed_icon_is_drawn_as_decoration() -> None:
    for name in (ICONS / "names.txt").read_text("utf-8").split():
        html = draw("{% icon name %}", name=name)
        assert 'aria-hidden="true"' in html, name
        assert "<path" in html, name


@pytest.mark.parametrize("name", ["no-such-icon", "../apps", "home.svg", ""])
def test_an_unknown_icon_is_our_mistake(name: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        draw("{% icon name %}", name=name)


def test_components_escape_what_they_are_given() -> None:
    evil = "<script>alert(1)</script>"
    sources = [
        "{% empty_state title=evil help=evil action_label=evil action_url='/' %}",
        "{% alert 'info' title=evil %}{{ evil }}{% endalert %}",
        "{% data_table caption=evil %}<tbody><tr><td>{{ evil }}</td></tr></tbody>{% enddata_table %}",
        "{% form_field name='a' label=evil value=evil help=evil errors=evil placeholder=evil %}",
        "{% form_field name='a' label=evil kind='select' choices=choices value=evil %}",
        "{% form_field name='a' label=evil kind='radio' choices=choices %}",
        "{% form_field name='a' label=evil kind='textarea' value=evil %}",
        "{% form_field name='a' label=evil kind='checkbox' %}",
        "{% definition_list pairs %}",
        "{% stat_card label=evil value=evil note=evil %}",
        "{% action_form url='/' label=evil confirm=evil hidden=hidden %}",
        "{% copyable evil %}",
        "{% breadcrumbs evil '/' evil %}",
        "{% tabs tabs label=evil %}",
        "{% steps names current=1 label=evil %}",
        "{% decision_card decision %}",
        "{% facet_list groups label=evil %}",
        "{% pagination next_url='/' summary=evil %}",
        "{% error_summary errors %}",
    ]
    context = {
        "evil": evil,
        "choices": [(evil, evil)],
        "pairs": [(evil, evil)],
        "hidden": {evil: evil},
        "tabs": [(evil, "/", True)],
        "names": [evil, evil],
        "decision": {"allowed": False, "rule": evil, "reason": evil, "inputs": {evil: evil}, "remedy": evil},
        "groups": [{"title": evil, "choices": [{"label": evil, "url": "/", "count": 1, "selected": True}]}],
        "errors": {evil: [evil]},
    }
    for source in sources:
        html = draw(source, **context)
        assert "<script" not in html, source
        assert "&lt;script" in html, source


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    html = draw("{% form_field name='quantity' label='数量' required=True help='整数' errors='错' maxlength=6 %}")
    assert '<label class="form-label" for="id_quantity">' in html
    assert 'id="id_quantity"' in html
    assert 'aria-describedby="id_quantity_help id_quantity_error"' in html
    assert 'id="id_quantity_help"' in html
    assert 'id="id_quantity_error"' in html
    assert 'aria-invalid="true"' in html
    assert " required" in html
    assert 'maxlength="6"' in html


def test_a_field_without_help_or_error_claims_none() -> None:
    html = draw("{% form_field name='quantity' label='数量' value=0 %}")
    assert "aria-describedby" not in html
    assert "aria-invalid" not in html
    assert 'value="0"' in html


def test_a_choice_of_numbers_keeps_what_was_chosen() -> None:
    html = draw("{% form_field name='unit' label='单位' kind='select' choices=c value=2 %}", c=[(1, "甲"), (2, "乙")])
    assert '<option value="2" selected>乙</option>' in html
    assert html.count("selected") == 1


def test_a_decision_shows_everything_it_was_made_of() -> None:
    decision = SimpleNamespace(
        allowed=False,
        title="限额",
        reason="超过限额",
        rule="R-LIMIT",
        version=3,
        article="政府采购法第八条",
        source_url="",
        inputs=[("金额", "¥1.00")],
        remedy=["改走招标"],
        decided_at=datetime(2026, 11, 23, tzinfo=UTC),
        is_demo=True,
    )
    html = draw("{% decision_card decision level=2 %}", decision=decision)
    for text in ("R-LIMIT@3", "政府采购法第八条", "金额", "¥1.00", "改走招标", "超过限额", "yz-demo", "<h2"):
        assert text in html, text
    assert "2026-11-23T08:00" in html
    decision.allowed, decision.is_demo = True, False
    html = draw("{% decision_card decision %}", decision=decision)
    assert "改走招标" not in html
    assert "yz-demo" not in html


def test_a_timeline_tells_what_is_next_and_whose_turn_it_is() -> None:
    at = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    html = draw(
        "{% timeline entries upcoming=upcoming %}",
        entries=[{"title": "提交", "who": "甲", "at": at}, {"title": "到期", "who": "system", "at": at}],
        upcoming={"title": "接单", "who": "乙公司", "due_at": at},
    )
    assert html.count("<li") == 3
    assert html.count('datetime="2026-11-23T09:30:00+08:00"') == 3
    assert "乙公司" in html
    assert "<span>甲</span>" in html
    assert ">system<" not in html


def test_an_action_is_a_post_with_its_token() -> None:
    html = draw("{% action_form url='/x' label='提交' confirm='确定？' hidden=h %}", h={"a": 1}, csrf_token="TOKEN")
    assert 'method="post"' in html
    assert 'name="csrfmiddlewaretoken" value="TOKEN"' in html
    assert 'data-confirm="确定？"' in html
    assert '<input type="hidden" name="a" value="1">' in html
    with pytest.raises(TemplateSyntaxError):
        draw("{% action_form url='/x' label='提交' colour_typo='danger' %}")


@pytest.mark.usefixtures("registries")
def test_money_state_and_time_tags() -> None:
    states.register("orders", {"draft": ("草稿", "secondary")})
    assert draw("{% money x %}", x=Decimal("1234.5")) == '<span class="yz-money">¥1,234.50</span>'
    assert "草稿" in draw("{% state_badge 'orders' 'draft' %}")
    assert draw("{% local_time x %}{% local_date x %}", x=None) == "——"


def test_no_component_carries_inline_style_or_script() -> None:
    templates = ICONS.parent / "templates"
    for path in templates.rglob("*.html"):
        text = path.read_text("utf-8")
        for forbidden in (' style="', " onclick", " onsubmit", "<style", "javascript:", "http://", "https://"):
            assert forbidden not in text, (path, forbidden)
        for piece in text.split("<script")[1:]:
            assert piece.startswith(' src="{% static'), path
