"""Words that titles and notes are searched for. Pure."""

from __future__ import annotations

from typing import Final

# Advertising Law (2015 revision) art. 9 item 3 names these three and says "and such words": which others are such is
# not written, so no other ships. Region staff add words with their source.
ARTICLE: Final = "《中华人民共和国广告法》第九条第三项"
SHIPPED_WORDS: Final[tuple[tuple[str, str], ...]] = tuple((word, ARTICLE) for word in ("国家级", "最高级", "最佳"))
