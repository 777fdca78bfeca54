"""The translators' sheet: out with the Chinese beside it, in again only with a reviewer's name; never an invention."""

from __future__ import annotations

import csv
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from runtime.layout import HERE
from webkit import catalogues, review_sheets

# No word of any language: what stands where a reviewer's text would.
MADE = "⟦%(count)s⟧"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """An app with two texts, one of them with a plural."""
    folder = tmp_path / "shop" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    book = polib.POFile()
    book.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
    book.append(
        polib.POEntry(msgid="%(count)s order", msgid_plural="%(count)s orders", msgstr_plural={0: "%(count)s 个"})
    )
    book.append(polib.POEntry(msgid="=Order", msgstr="订单", msgctxt="noun"))
    book.save(str(folder / "django.po"))
    return tmp_path


def sheet_of(tree: Path) -> list[dict[str, str]]:
    path = tree / "sheet.csv"
    call_command("translation_sheet", "ug", str(path), root=tree)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def take(tree: Path, sheet: list[dict[str, str]]) -> None:
    path = tree / "back.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, review_sheets.COLUMNS)
        out.writeheader()
        out.writerows(sheet)
    call_command("translation_sheet", "ug", str(path), take=True, root=tree)


def test_out_and_in_again(tree: Path) -> None:
    first, second = sheet_of(tree)
    assert (first["app"], first["chinese"], first["english_plural"]) == ("shop", "%(count)s 个", "%(count)s orders")
    assert (second["context"], second["english"]) == ("noun", "'=Order"), "no formula in a spreadsheet"
    reviewed = {"translation": MADE, "translation_plural": MADE, "reviewed_by": "甲", "reviewed_on": "2026-11-24"}
    take(tree, [{**first, **reviewed}, second])
    (path,) = (tree / "shop" / "locale" / "ug").rglob("django.po")
    (entry,) = polib.pofile(str(path))
    assert entry.msgstr_plural == {0: MADE, 1: MADE}
    assert review_sheets.unreviewed(path) == []
    again = sheet_of(tree)
    assert (again[0]["translation"], again[0]["reviewed_by"], again[0]["reviewed_on"]) == (MADE, "甲", "2026-11-24")
    assert again[1]["translation"] == "", "what nobody translated stays empty"
    call_command("compile_catalogues", root=tree)
    assert path.with_suffix(".mo").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reviewed_by": ""}, "nobody has reviewed it"),
        ({"reviewed_on": "24.11.2026"}, "the day of the review"),
        ({"reviewed_on": "2026-02-30"}, "the day of the review"),
        ({"translation": "⟦⟧"}, "the same placeholders"),
        ({"translation_plural": ""}, "has a plural"),
        ({"english": "%(count)s orde"}, "no text in use"),
        ({"app": "elsewhere"}, "no text in use"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_taken(
    tree: Path, capsys: pytest.CaptureFixture[str], wrong: dict[str, str], said: str
) -> None:
    right = {"translation": MADE, "translation_plural": MADE, "reviewed_by": "甲", "reviewed_on": "2026-11-24"}
    with pytest.raises(CommandError, match="nothing was taken over"):
        take(tree, [{**sheet_of(tree)[0], **right, **wrong}])
    assert said in capsys.readouterr().err
    assert not (tree / "shop" / "locale" / "ug").exists()


def test_an_entry_without_a_reviewer_is_refused(tree: Path) -> None:
    folder = tree / "shop" / "locale" / "ug" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    book = polib.POFile()
    book.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    book.append(polib.POEntry(msgid="=Order", msgctxt="noun", msgstr="⟦⟧"))
    book.save(str(folder / "django.po"))
    with pytest.raises(CommandError):
        call_command("compile_catalogues", check=True, root=tree)


def test_what_is_not_reviewed_is_chinese() -> None:
    with translation.override("ug"):
        assert translation.gettext("Language and text size") == "语言与字号"
        assert translation.get_language_bidi()


def test_every_text_is_english_in_the_code_and_no_chinese_stands_in_a_template() -> None:
    """English is complete by this: pages in English show the texts as they stand in the code."""
    chinese = [text for _, text in catalogues.used(HERE.root) if any("\u4e00" <= char <= "\u9fff" for char in text)]
    assert chinese == []
    written = [
        str(path)
        for path in catalogues.files(HERE.root, ".html")
        if any("\u4e00" <= char <= "\u9fff" for char in path.read_text("utf-8"))
    ]
    assert written == []
