"""Vendored assets: what we serve of other people's work, and the proof that it is unchanged.

`python -m webkit.vendor --check` compares every vendored file with its lock.
`python -m webkit.vendor --update FOLDER` rebuilds them from npm tarballs found in FOLDER
(`npm pack <name>@<version>`), which is how a version is raised.
"""

import argparse
import hashlib
import json
import re
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static" / "vendor"
ICONS = HERE / "icons"
AXE = HERE.parents[1] / "tests" / "pages" / "axe"
# Cut by hand (documents/README.md): `--update` leaves it alone.
FONTS = HERE / "documents" / "fonts"

# Manifest static storage fails on a source map that is not there, and we serve none.
SOURCE_MAP = re.compile(rb"\s*(?://|/\*)# sourceMappingURL=[^\n*]*(?:\*/)?\s*$")


@dataclass(frozen=True)
class Package:
    """One npm package: `files` maps the path inside the tarball to the name we keep it under."""

    name: str
    version: str
    licence: str
    licence_file: str
    tarball: str
    folder: Path
    files: dict[str, str]


PACKAGES = (
    Package(
        name="@tabler/core",
        version="1.6.1",
        licence="MIT",
        licence_file="LICENSE.tabler.txt",
        tarball="tabler-core-1.6.1.tgz",
        folder=STATIC,
        files={
            "dist/css/tabler.min.css": "tabler.min.css",
            "dist/css/tabler.rtl.min.css": "tabler.rtl.min.css",
            "dist/js/tabler.min.js": "tabler.min.js",
        },
    ),
    Package(
        name="htmx.org",
        version="2.0.11",
        licence="0BSD",
        licence_file="LICENSE.htmx.txt",
        tarball="htmx.org-2.0.11.tgz",
        folder=STATIC,
        files={"dist/htmx.min.js": "htmx.min.js"},
    ),
    Package(
        name="axe-core",
        version="4.14.1",
        licence="MPL-2.0",
        licence_file="LICENSE.axe.txt",
        tarball="axe-core-4.14.1.tgz",
        folder=AXE,
        files={"axe.min.js": "axe.min.js"},
    ),
)

ICON_PACKAGE = ("@tabler/icons", "3.51.0", "MIT", "LICENSE.tabler-icons.txt", "tabler-icons-3.51.0.tgz")


def digest(content: bytes) -> str:
    """SHA-256 of a file's content, in hex."""
    return hashlib.sha256(content).hexdigest()


def check() -> list[str]:
    """What differs from the locks: changed, missing and unlisted files, in words."""
    problems: list[str] = []
    for folder in (STATIC, AXE, ICONS, FONTS):
        if folder.is_dir():
            problems += _check_folder(folder)
    return problems


def _check_folder(folder: Path) -> list[str]:
    lock_file = folder / "LOCK.json"
    if not lock_file.is_file():
        return [f"{folder}: LOCK.json is missing"]
    expected: dict[str, str] = {}
    for package in json.loads(lock_file.read_text("utf-8"))["packages"]:
        expected.update({name: entry["sha256"] for name, entry in package["files"].items()})
        if not (folder / package["licence_file"]).is_file():
            return [f"{folder}: {package['licence_file']} is missing"]
    problems = []
    for name, wanted in sorted(expected.items()):
        path = folder / name
        if not path.is_file():
            problems.append(f"{path}: missing")
        elif digest(path.read_bytes()) != wanted:
            problems.append(f"{path}: content differs from the lock")
    present = {path.name for path in folder.iterdir() if path.suffix in {".js", ".css", ".svg", ".ttf"}}
    problems += [f"{folder / name}: not in the lock" for name in sorted(present - set(expected))]
    return problems


def update(tarballs: Path) -> None:
    """Rebuild every vendored file and lock from the npm tarballs in a folder."""
    locks: dict[Path, list[dict[str, Any]]] = {}
    for package in PACKAGES:
        package.folder.mkdir(parents=True, exist_ok=True)
        files = {}
        with tarfile.open(tarballs / package.tarball) as archive:
            for source, target in package.files.items():
                original = _member(archive, source)
                content = SOURCE_MAP.sub(b"\n", original)
                (package.folder / target).write_bytes(content)
                files[target] = {"sha256": digest(content), "from": source, "original_sha256": digest(original)}
            _licence(archive, package.folder / package.licence_file)
        locks.setdefault(package.folder, []).append(
            _entry(package.name, package.version, package.licence, package.licence_file, files)
        )
    locks[ICONS] = [_update_icons(tarballs)]
    for folder, packages in locks.items():
        (folder / "LOCK.json").write_text(json.dumps({"packages": packages}, indent=2) + "\n", "utf-8")


def _update_icons(tarballs: Path) -> dict[str, Any]:
    """Keep the drawing of each icon only: the tag writes the outer element itself."""
    name, version, licence, licence_file, tarball = ICON_PACKAGE
    files = {}
    with tarfile.open(tarballs / tarball) as archive:
        for icon in (ICONS / "names.txt").read_text("utf-8").split():
            source = f"icons/outline/{icon}.svg"
            original = _member(archive, source)
            body = original.split(b">", 1)[1].rsplit(b"</svg>", 1)[0].split(b"\n")
            kept = [line.strip() for line in body if line.strip() and b"M0 0h24v24H0z" not in line]
            content = b"".join(kept) + b"\n"
            (ICONS / f"{icon}.svg").write_bytes(content)
            files[f"{icon}.svg"] = {"sha256": digest(content), "from": source, "original_sha256": digest(original)}
        _licence(archive, ICONS / licence_file)
    return _entry(name, version, licence, licence_file, files)


def _entry(name: str, version: str, licence: str, licence_file: str, files: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": version, "licence": licence, "licence_file": licence_file, "files": files}


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(f"package/{name}")
    if found is None:
        raise FileNotFoundError(name)
    return found.read()


def _licence(archive: tarfile.TarFile, target: Path) -> None:
    """Copy the package's licence; a package without one (Tabler) keeps the text we wrote down."""
    try:
        target.write_bytes(_member(archive, "LICENSE"))
    except KeyError:
        if not target.is_file():
            raise


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the files with the lock (the default)")
    parser.add_argument("--update", type=Path, metavar="FOLDER", help="rebuild from npm tarballs in FOLDER")
    chosen = parser.parse_args(arguments)
    if chosen.update:
        update(chosen.update)
    problems = check()
    for problem in problems:
        print(problem, file=sys.stderr)
    print("vendored files: " + ("DIFFER" if problems else "as locked"))
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
