"""What the forms of shipping and inspection, the certificate and the order page show of each line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from tenant_apps.orders.models import AcceptanceCertificate, OrderLine
from tenant_apps.orders.quantities import LineQuantities
from tenant_apps.orders.selectors import OrderDossier


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line with what may be written beside it; `typed` is what the person wrote before, by field."""

    index: int
    line: OrderLine
    most: int
    typed: dict[str, str]

    def value(self, name: str, otherwise: object = "") -> str:
        return self.typed.get(name, str(otherwise))

    @property
    def quantity(self) -> str:
        return self.value("quantity", self.most)

    @property
    def accepted(self) -> str:
        return self.value("accepted", self.most)

    @property
    def refused(self) -> str:
        return self.value("refused", 0)

    @property
    def reason(self) -> str:
        return self.value("reason")


@dataclass(frozen=True, slots=True)
class LineFound:
    line: OrderLine
    accepted: int
    refused: int
    reason: str


@dataclass(frozen=True, slots=True)
class LineState:
    line: OrderLine
    counts: LineQuantities


def to_ship(dossier: OrderDossier, request: HttpRequest) -> dict[str, Any]:
    """The lines of which something is left to ship."""
    left = [(line, line.counts.owed) for line in dossier.lines if line.counts.owed]
    return {"form_lines": _form_lines(left, request)}


def to_inspect(dossier: OrderDossier, request: HttpRequest) -> dict[str, Any]:
    """The shipment to inspect, asked for by `?shipment=` or the oldest, with its lines; and the others that wait."""
    asked = request.POST.get("shipment_id") or request.GET.get("shipment", "")
    waiting = list(dossier.waiting)
    chosen = next((row for row in waiting if str(row.pk) == asked), waiting[0] if waiting else None)
    by_position = {line.position: line for line in dossier.lines}
    sent = [(by_position[row["line"]], row["quantity"]) for row in chosen.lines] if chosen else []
    return {
        "shipment": chosen,
        "other_shipments": [row for row in waiting if row is not chosen],
        "form_lines": _form_lines(sent, request),
    }


def findings(certificate: AcceptanceCertificate, lines: Sequence[OrderLine]) -> list[LineFound]:
    """What the certificate says of each line it is about."""
    by_position = {line.position: line for line in lines}
    return [
        LineFound(by_position[row["line"]], row["accepted"], row.get("refused", 0), row.get("reason", ""))
        for row in certificate.quantities
    ]


def _form_lines(lines: Sequence[tuple[OrderLine, int]], request: HttpRequest) -> list[FormLine]:
    found = []
    for index, (line, most) in enumerate(lines):
        prefix = f"lines[{index}]"
        typed = {key.removeprefix(prefix): value for key, value in request.POST.items() if key.startswith(prefix)}
        found.append(FormLine(index, line, most, {key: str(value) for key, value in typed.items()}))
    return found
