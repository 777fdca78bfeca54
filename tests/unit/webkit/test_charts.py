"""Charts: heights in proportion, nothing outside the drawing, words for those who do not see it."""

from __future__ import annotations

from decimal import Decimal as D

from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from webkit.charts import Column, column_chart, part_of_hundred

amounts = st.decimals(-(10**16), 10**16, places=2)


@given(st.lists(st.tuples(amounts, amounts), max_size=24))
def test_nothing_leaves_the_drawing(rows: list[tuple[D, D]]) -> None:
    chart = column_chart(label="x", columns=[Column(str(n), *row) for n, row in enumerate(rows)])
    edge = D("0.02")
    for one in chart.rectangles:
        assert chart.left - edge <= one.x <= one.x + one.width <= chart.right + edge
        assert chart.top - edge <= one.y <= one.y + one.height <= chart.base + edge
    assert len(chart.marks) == len(rows)


def test_a_chart_says_what_it_shows() -> None:
    chart = column_chart(label="逐月费用", columns=[Column("1", D(10)), Column("2", D(5), D(15))])
    assert [(one.height, one.is_known) for one in chart.rectangles] == [
        (D("69.00"), True), (D("34.50"), True), (D("103.50"), False),
    ]  # fmt: skip
    text = Template(
        '{% load webkit %}{% column_chart chart known="已发生" expected="预计" %}{% bar part whole %}'
    ).render(Context({"chart": chart, "part": D(1), "whole": D(4)}))
    assert 'role="img" aria-label="逐月费用"' in text
    assert text.count("yz-chart-expected") == 2
    assert '<rect width="25.00" height="6" class="yz-chart-known"/>' in text
    assert "style=" not in text


def test_bars() -> None:
    assert [part_of_hundred(*pair) for pair in ((D(5), D(2)), (D(-5), D(2)), (None, D(2)), (D(1), D(0)))] == [
        D(100), D(0), D(0), D(0),
    ]  # fmt: skip
