"""Compile every catalogue of the tree, and check that every text in use is translated."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from webkit import catalogues
from webkit.review_sheets import PLURAL_FORMS, unreviewed


class Command(BaseCommand):
    help = "Compiles .po files to .mo where newer; --check fails on missing, empty, fuzzy and conflicting ones."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when a text in use has no translation")
        parser.add_argument("--root", type=Path, default=None, help="tree to read (the project's by default)")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(options["root"] or settings.BASE_DIR)
        sources = catalogues.catalogue_files(root)
        compiled = sum(compile_one(source) for source in sources)
        self.stdout.write(f"catalogues: {len(sources)} found, {compiled} compiled")
        by_locale: dict[str, list[Path]] = {}
        for source in sources:
            by_locale.setdefault(source.parents[1].name, []).append(source)
        used = catalogues.used(root)
        findings: list[str] = []
        for locale, paths in sorted(by_locale.items()):
            ours = catalogues.read(paths)
            known = ours.translated | catalogues.read(catalogues.django_catalogues(locale)).translated
            findings += [f"{locale} fuzzy: {entry}" for entry in ours.fuzzy]
            findings += [f"{locale} empty: {entry}" for entry in ours.empty]
            findings += [f"{locale} conflict: {entry}" for entry in ours.conflicts]
            if locale in PLURAL_FORMS:
                # Grows row by row as reviewers confirm it (webkit.review_sheets); what is missing is shown in Chinese.
                findings += [f"{locale} not reviewed: {entry}" for path in paths for entry in unreviewed(path)]
                continue
            for text, path in sorted(used.items()):
                if text not in known:
                    findings.append(f"{locale} missing: {text[1]!r} ({path.relative_to(root)})")
        for finding in findings:
            self.stderr.write(finding)
        if findings and options["check"]:
            raise CommandError(f"{len(findings)} texts are not translated")


def compile_one(source: Path) -> bool:
    """Write the .mo beside a .po unless it is newer already. True when it was written."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    # Written beside and moved: a running process never reads half a catalogue.
    unfinished = target.with_suffix(".mo.new")
    polib.pofile(str(source)).save_as_mofile(str(unfinished))
    unfinished.replace(target)
    return True
