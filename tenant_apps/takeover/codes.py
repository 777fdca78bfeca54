"""What the old mall's codes are here: said by somebody, or the very same code of the region; never guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.suppliers.selectors import SupplierView, suppliers_by_code
from tenant_apps.access.selectors import known_people
from tenant_apps.budgets.rules import UnitView
from tenant_apps.budgets.selectors import units
from tenant_apps.takeover.models import CodeMapping
from tenant_apps.takeover.reading import Package, Row
from tenant_apps.takeover.rules import NOBODY, TAKEN_STATES, CodeKind
from tenant_apps.takeover.sheets import CODE_KINDS, STATE_CHOICES, code_of


@dataclass
class Codes:
    """Looks codes up and counts those that nobody has mapped."""

    mapped: dict[tuple[str, str], str]
    units: dict[str, UnitView]
    unit_names: dict[str, str]
    suppliers: Mapping[str, SupplierView]
    people: Mapping[int, str]
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def _missed(self, kind: str, code: str, name: str) -> None:
        self.missing[kind, code] += 1
        self.names.setdefault((kind, code), name)

    def unit(self, code: str) -> UnitView | None:
        """A unit of the same code and the same name is that unit; any other is mapped by somebody."""
        ours = self.mapped.get((CodeKind.UNIT, code))
        name = self.unit_names.get(code, "")
        if ours is None:
            same = self.units.get(code)
            if same is not None and same.name == name:
                return same
            self._missed(CodeKind.UNIT, code, name)
            return None
        return self.units.get(ours)

    def supplier(self, code: str) -> SupplierView | None:
        ours = self.mapped.get((CodeKind.SUPPLIER, code))
        found = self.suppliers.get(code if ours is None else ours)
        if found is None and ours is None:
            self._missed(CodeKind.SUPPLIER, code, "")
        return found

    def product(self, sku: str, title: str) -> str:
        """The region's number of the product; empty while it is not mapped."""
        ours = self.mapped.get((CodeKind.PRODUCT, sku), "")
        if not ours:
            self._missed(CodeKind.PRODUCT, sku, title)
        return ours

    def state(self, text: str) -> str:
        ours = code_of(STATE_CHOICES, text) or self.mapped.get((CodeKind.STATE, text), "")
        if not ours:
            self._missed(CodeKind.STATE, text, "")
        return ours if ours in TAKEN_STATES else ""

    def person(self, account: str, name: str) -> int | None:
        """Their id here; None for nobody, and while it is not mapped."""
        ours = self.mapped.get((CodeKind.PERSON, account))
        if ours is None:
            self._missed(CodeKind.PERSON, account, name)
        return int(ours) if ours and ours != NOBODY else None

    def unmapped(self) -> list[list[object]]:
        """[[kind, code, name, count], ...], the most used first within a kind."""
        kinds = list(CodeKind)
        rows = sorted(self.missing.items(), key=lambda one: (kinds.index(CodeKind(one[0][0])), -one[1], one[0][1]))
        return [[str(kind), code, self.names.get((kind, code), ""), count] for (kind, code), count in rows]


def stored_codes() -> dict[tuple[str, str], str]:
    rows = CodeMapping.objects.values_list("kind", "old_code", "our_code")
    return {(kind, old): ours for kind, old, ours in rows}


def load_codes(package: Package) -> tuple[Codes, list[tuple[str, str, str]]]:
    """What is mapped, and what the package's own sheet of codes adds; wrong rows of that sheet are noted in it."""
    mapped = stored_codes()
    by_code = {unit.code: unit for unit in units()}
    people = known_people(organisation_ids={unit.organisation_id for unit in by_code.values()})
    codes = Codes(
        mapped=mapped,
        units=by_code,
        unit_names={row["unit_code"]: row["unit_name"] for row in package["units"]},
        suppliers={},
        people={person.user_id: person.name for some in people.values() for person in some},
    )
    said = [(row, code_of(CODE_KINDS, row["kind"])) for row in package["mappings"]]
    named = {row["supplier_code"] for row in package["orders"]}
    named |= {ours for (kind, _old), ours in mapped.items() if kind == CodeKind.SUPPLIER}
    named |= {row["our_code"] for row, kind in said if kind == CodeKind.SUPPLIER}
    codes.suppliers = suppliers_by_code(codes=named)
    added: list[tuple[str, str, str]] = []
    for row, kind in said:
        reason = _said_wrong(codes, row, kind)
        if reason:
            package.wrong("mappings", row, "our_code" if kind else "kind", reason)
            continue
        key = (kind, row["old_code"])
        if key not in codes.mapped:
            added.append((*key, target_of(kind, row["our_code"])))
            codes.mapped[key] = added[-1][2]
    return codes, added


def _said_wrong(codes: Codes, row: Row, kind: str) -> str | Promise:
    if not kind:
        return _("Choose a kind of code.")
    target = target_of(kind, row["our_code"])
    before = codes.mapped.get((kind, row["old_code"]))
    if before is not None and before != target:
        return _("This code is mapped to %(code)s already: change it on the page of codes.") % {"code": before}
    return target_wrong(codes, kind, target)


def target_of(kind: str, text: str) -> str:
    """A code of ours as it is kept: a state may be written by its word."""
    return code_of(STATE_CHOICES, text) or text if kind == CodeKind.STATE else text


def target_wrong(codes: Codes, kind: str, target: str) -> str | Promise:
    """Why `target` is no code of ours; empty when it is one. Products are looked up when goods are judged."""
    match kind:
        case CodeKind.UNIT if target not in codes.units:
            return _("There is no budget unit with this code.")
        case CodeKind.SUPPLIER if target not in codes.suppliers:
            return _("The region's library has no supplier with this credit code.")
        case CodeKind.STATE if target not in TAKEN_STATES:
            return _("Orders cannot be taken over in this state.")
        case CodeKind.PERSON if target != NOBODY and not (
            target.isascii() and target.isdigit() and int(target) in codes.people
        ):
            return _("Nobody with this number has held a post in the units of this mall.")
    return ""
