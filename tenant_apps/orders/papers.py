"""The acceptance certificate on paper (Government Procurement Law art. 41; Implementing Regulation art. 45).

It is made from rows that never change, so the same certificate is the same PDF whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kernel.clock import local
from tenant_apps.orders.models import AcceptanceCertificate, Order, OrderLine, Shipment
from webkit.documents import render

TEMPLATE = Path(__file__).parent / "documents" / "certificate.typ"
CONCLUSIONS = {"accepted": "验收合格", "partly_accepted": "部分验收合格", "refused": "验收不合格"}
FINDINGS = {True: "符合", False: "不符合"}


def certificate_pdf(
    *, order: Order, certificate: AcceptanceCertificate, shipment: Shipment | None, lines: Sequence[OrderLine]
) -> bytes:
    by_position = {line.position: line for line in lines}
    facts = [("采购人", order.unit_name), ("供应商", f"{order.supplier_name}（{order.supplier_code}）")]
    if shipment is not None:
        facts.append(("发货", f"{shipment.carrier} {shipment.waybill}，{local(shipment.shipped_at):%Y年%m月%d日}"))
    data = {
        "title": "政府采购验收书",
        "order_number": str(order.number),
        "facts": [{"name": name, "value": value} for name, value in facts],
        "lines": [_line(by_position[row["line"]], row) for row in certificate.quantities],
        "standards": [
            {"name": name, "finding": FINDINGS[met]}
            for name, met in (
                ("技术标准（数量、型号、技术要求）", certificate.technical_met),
                ("服务标准（交付、安装、服务）", certificate.service_met),
                ("安全标准", certificate.safety_met),
            )
        ],
        "conclusion": CONCLUSIONS[certificate.conclusion],
        "remark": certificate.remark,
        "unit": order.unit_name,
        "acceptor": certificate.acceptor_name,
        "signed_at": f"{local(certificate.signed_at):%Y年%m月%d日 %H:%M}",
    }
    return render(template=TEMPLATE, data=data, at=certificate.signed_at)


def _line(line: OrderLine, found: dict[str, object]) -> dict[str, str]:
    return {
        "position": str(line.position),
        "title": line.title,
        "detail": " ".join(part for part in (line.brand, line.model, line.spec) if part),
        "unit": line.unit,
        "ordered": str(line.quantity),
        "accepted": str(found["accepted"]),
        "refused": str(found.get("refused", 0)),
        "reason": str(found.get("reason", "")),
    }
