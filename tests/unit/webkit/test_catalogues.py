import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from webkit import catalogues

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def tree(root: Path, *, template: str = "", python: str = "", po: str = "") -> Path:
    (root / "app" / "templates" / "app").mkdir(parents=True)
    (root / "app" / "templates" / "app" / "page.html").write_text(template, "utf-8")
    (root / "app" / "views.py").write_text(python, "utf-8")
    folder = root / "app" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(HEADER + po, "utf-8")
    return folder / "django.po"


def run(root: Path, *, check: bool = True) -> str:
    errors = StringIO()
    call_command("compile_catalogues", root=root, check=check, stdout=StringIO(), stderr=errors)
    return errors.getvalue()


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('{% load i18n %}{% translate "Send" %}', {("", "Send")}),
        ("{% load i18n %}{% translate 'Send' as x %}{{ _('Other') }}", {("", "Send"), ("", "Other")}),
        ('{% load i18n %}{% translate "May" context "month" %}', {("month", "May")}),
        ("{% load i18n %}{% blocktranslate with n=x %}Order {{ n }}{% endblocktranslate %}", {("", "Order %(n)s")}),
        ("{% load i18n %}{% blocktranslate trimmed %}\n  Two\n  lines\n{% endblocktranslate %}", {("", "Two lines")}),
        ('{% form_field name="a" label=_("It\'s") %}', {("", "It's")}),
    ],
)
def test_texts_of_templates(source: str, texts: set[tuple[str, str]]) -> None:
    assert catalogues.used_in_template(source) == texts


def test_texts_of_python() -> None:
    source = '_("A"); gettext_lazy("B" " C"); ngettext("one", "many", n); pgettext("ctx", "D"); _(name); other("E")'
    assert catalogues.used_in_python(source) == {("", "A"), ("", "B C"), ("", "one"), ("ctx", "D")}


def test_a_translated_tree_passes_and_is_compiled_once(tmp_path: Path) -> None:
    po = tree(tmp_path, python='_("Send it now")', po='msgid "Send it now"\nmsgstr "立即发送"\n')
    assert run(tmp_path) == ""
    compiled = po.with_suffix(".mo")
    before = compiled.stat().st_mtime_ns
    run(tmp_path)
    assert compiled.stat().st_mtime_ns == before
    os.utime(po, (po.stat().st_atime, po.stat().st_mtime + 10))
    run(tmp_path)
    assert compiled.stat().st_mtime_ns != before


@pytest.mark.parametrize(
    ("po", "word"),
    [
        ("", "missing"),
        ('msgid "Send it now"\nmsgstr ""\n', "empty"),
        ('#, fuzzy\nmsgid "Send it now"\nmsgstr "发送"\n', "fuzzy"),
        ('msgctxt "other"\nmsgid "Send it now"\nmsgstr "发送"\n', "missing"),
    ],
)
def test_a_text_without_translation_fails_the_check(tmp_path: Path, po: str, word: str) -> None:
    tree(tmp_path, python='_("Send it now")', po=po)
    assert word in run(tmp_path, check=False)
    with pytest.raises(CommandError):
        run(tmp_path)


def test_two_translations_of_one_text_are_a_conflict(tmp_path: Path) -> None:
    tree(tmp_path / "one", python='_("Send it now")', po='msgid "Send it now"\nmsgstr "发送"\n')
    tree(tmp_path / "two", po='msgid "Send it now"\nmsgstr "寄送"\n')
    assert "conflict" in run(tmp_path, check=False)


def test_this_app_is_translated_whole() -> None:
    root = Path(catalogues.__file__).parent
    known = catalogues.read(catalogues.catalogue_files(root))
    assert set(catalogues.used(root)) - known.translated == set()
    assert (known.fuzzy, known.empty, known.conflicts) == ([], [], [])
