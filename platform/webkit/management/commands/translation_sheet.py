"""`bin/yz translation_sheet ug out.csv` writes the sheet for translators; `--take out.csv` takes it back."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from webkit import review_sheets


class Command(BaseCommand):
    help = "Writes every text with its Chinese and its reviewed translation as CSV; --take puts reviewed rows in."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("locale", choices=sorted(review_sheets.PLURAL_FORMS))
        parser.add_argument("sheet", type=Path)
        parser.add_argument("--take", action="store_true", help="read the sheet and change the catalogues")
        parser.add_argument("--root", type=Path, default=None, help="tree to read (the project's by default)")

    def handle(self, *args: Any, **options: Any) -> None:
        root, locale = Path(options["root"] or settings.BASE_DIR), options["locale"]
        if not options["take"]:
            # With the mark by which spreadsheets know UTF-8.
            with options["sheet"].open("w", encoding="utf-8-sig", newline="") as file:
                out = csv.writer(file)
                out.writerow(review_sheets.COLUMNS)
                count = 0
                for row in review_sheets.rows(root, locale=locale):
                    # A text that begins like a formula must not become one.
                    out.writerow([f"'{cell}" if cell[:1] in "=+@\t\r" and cell else cell for cell in row])
                    count += 1
            self.stdout.write(f"{count} texts in {options['sheet']}")
            return
        try:
            with options["sheet"].open(encoding="utf-8-sig", newline="") as file:
                table = csv.DictReader(file)
                if tuple(table.fieldnames or ()) != review_sheets.COLUMNS:
                    raise CommandError(f"the columns are {', '.join(review_sheets.COLUMNS)}")
                sheet = [
                    {name: (value or "").removeprefix("'") if (value or "")[:2] in {"'=", "'+", "'@"} else value or ""
                     for name, value in row.items() if name}
                    for row in table
                ]  # fmt: skip
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"the sheet cannot be read: {error}") from error
        found = review_sheets.read(root, sheet, locale=locale)
        for refusal in found.refused:
            self.stderr.write(refusal)
        if found.refused:
            raise CommandError(f"{len(found.refused)} rows are wrong; nothing was taken over")
        count = review_sheets.write(found, locale=locale)
        self.stdout.write(f"{count} reviewed texts taken over, {found.waiting} wait; now bin/yz compile_catalogues")
