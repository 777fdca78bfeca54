"""No thumbnails are made: the shop's goods have no pictures, and making one is not what is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Picture:
    url: str = "/static/none.png"


class NoThumbnails:
    def generate_thumbnail(self, source: Any, **options: Any) -> Picture:
        return Picture()

    def delete_thumbnails(self, source: Any) -> None:
        pass
