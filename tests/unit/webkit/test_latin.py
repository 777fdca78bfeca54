import pytest

from webkit.latin import latin_words


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>提交 Submit order</p>", ["Submit", "order"]),
        ('<img alt="Printer"><input placeholder="Name" type="text" value="typed">', ["Printer", "Name"]),
        ('<input type="submit" value="Send"><button aria-label="Close">关</button>', ["Send", "Close"]),
        ('<a title="More">更多</a><html lang="zh-Hans">', ["More"]),
        ("<code>insufficient</code><script>var x</script><style>a{}</style>", []),
        ('<span translate="no">Deli <b>Group</b></span> Deli', ["Deli"]),
        ('<div translate="no"><img alt="Brand"><br>Brand</div>', []),
        ("统一社会信用代码 91650100MA7890AB1C，订单 653101-2026-000123，SKU，2026年11月23日 09:30，¥1,234.50", []),
        ("编码 A02010105，单号 PO-653101-2026-000123，规则 R-LIMIT@3，500ml、80g", []),
        ("Café", ["Café"]),
        ("&lt;b&gt; caf&eacute;", ["b", "café"]),
        ("<title>Orders · 一张网</title>", ["Orders"]),
        ("<p>未闭合<b>Bold<p>Next", ["Bold", "Next"]),
    ],
)
def test_latin_that_a_reader_would_see(html: str, words: list[str]) -> None:
    assert latin_words(html) == words
