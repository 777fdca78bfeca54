"""What a contract says, in its own words, and its PDF. The wording is a proposal: no standard text was at hand.

The paper is Chinese whatever language a reader's pages have: it is a legal document of Chinese parties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from kernel.money import ZERO
from tenant_apps.contracts.rules import VersionKind, in_words
from tenant_apps.invoices.services import buyer_of
from tenant_apps.orders.services.contracting import OrderText, term_of
from webkit.documents import render

TEMPLATE = Path(__file__).parent / "documents" / "contract.typ"
WORDING = "contract-1"
SIMULATED_MARK = "演示签章 · 无法律效力"
RESERVED_MARK = "本合同为中小企业预留合同"
SME_SIZE = "规模：中小企业（按下单时的登记）"


def main_content(text: OrderText) -> dict[str, Any]:
    """Everything the contract takes over from its order; the rest the clerk may change while it is a draft."""
    order = text.order
    buyer = buyer_of(organisation_id=order.organisation_id, unit_name=order.unit_name)
    return {
        "order_number": str(order.number),
        "buyer": {"name": buyer.name, "unit": order.unit_name, "code": buyer.code},
        "supplier": {"name": order.supplier_name, "code": order.supplier_code, "is_sme": order.supplier_is_sme},
        "reserved_for_sme": text.is_reserved_for_sme,
        "lines": [
            {
                "position": line.position,
                "title": line.title,
                "detail": " ".join(part for part in (line.brand, line.model, line.spec) if part),
                "unit": line.unit,
                "quantity": line.quantity,
                "price": str(line.price),
                "freight": str(line.freight),
                "amount": str(line.amount),
            }
            for line in text.lines
        ],
        "total": str(order.total_amount),
        "delivery": {"address": order.delivery_address, "contact": order.contact_name, "phone": order.contact_phone},
        "delivery_on": order.promised_on.isoformat() if order.promised_on else None,
        "payment_days": term_of(order),
        "terms": "",
    }


def supplement_content(
    main: Mapping[str, Any], added: Mapping[int, int], *, number: str, reason: str
) -> dict[str, Any]:
    """More of the contract's own goods at its own prices; nothing else of it changes (Procurement Law art. 49)."""
    lines = [
        {**line, "quantity": added[line["position"]], "freight": "0.00",
         "amount": str(Decimal(line["price"]) * added[line["position"]])}
        for line in main["lines"]
        if added.get(line["position"])
    ]  # fmt: skip
    kept = {name: main[name] for name in ("order_number", "buyer", "supplier", "reserved_for_sme", "delivery")}
    return kept | {
        "lines": lines,
        "total": str(sum((Decimal(line["amount"]) for line in lines), ZERO)),
        "supplement_to": number,
        "reason": reason,
    }


def pdf_of(*, content: Mapping[str, Any], kind: str, number: str, is_simulated: bool, at: datetime) -> bytes:
    """The document. The same content, number and moment give the same bytes."""
    main = kind == VersionKind.MAIN
    data = {
        "title": "政府采购合同" if main else "政府采购补充合同",
        "number": number,
        "order_number": content["order_number"],
        "mark": SIMULATED_MARK if is_simulated else "",
        "reserved": RESERVED_MARK if content["reserved_for_sme"] else "",
        "buyer": content["buyer"],
        "supplier": {
            "name": content["supplier"]["name"],
            "code": content["supplier"]["code"],
            "size": SME_SIZE if content["supplier"]["is_sme"] else "",
        },
        "preamble": _PREAMBLE if main else _SUPPLEMENT_PREAMBLE % {"number": content["supplement_to"]},
        "lines": [{name: str(value) for name, value in line.items()} for line in content["lines"]],
        "total": content["total"],
        "total_words": in_words(Decimal(content["total"])),
        "sections": _main_sections(content) if main else _supplement_sections(content),
    }
    return render(template=TEMPLATE, data=data, at=at)


_PREAMBLE = (
    "甲乙双方根据《中华人民共和国民法典》《中华人民共和国政府采购法》及其实施条例，按照平等、自愿的原则，"
    "就甲方通过政府采购电子卖场采购下列标的订立本合同。"
)
_SUPPLEMENT_PREAMBLE = (
    "甲乙双方已订立编号为 %(number)s 的政府采购合同。合同履行中甲方需追加与合同标的相同的货物、工程或者服务，双方依照"
    "《中华人民共和国政府采购法》第四十九条，在不改变合同其他条款的前提下，订立本补充合同。"
)


def _section(title: str, clauses: Sequence[str]) -> dict[str, Any]:
    return {"title": title, "clauses": list(clauses)}


def _main_sections(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    delivery = content["delivery"]
    day = (
        f"{date.fromisoformat(content['delivery_on']):%Y年%m月%d日}前"
        if content["delivery_on"]
        else "乙方接单时承诺的期限内"
    )
    payment = [
        f"甲方自验收合格之日起 {content['payment_days']} 日内向乙方支付合同价款，"
        "支付程序按照国家有关财政资金支付管理的规定执行。"
    ]
    if content["supplier"]["is_sme"]:
        payment.append(
            "乙方为中小企业。甲方迟延支付的，按照《保障中小企业款项支付条例》第十七条，按每日利率万分之五支付逾期利息。"
        )
    return [
        _section(
            "二、交付",
            (
                f"交付地点：{delivery['address']}；收货联系人：{delivery['contact']}，电话：{delivery['phone']}。",
                f"交付期限：{day}。",
                "乙方交付的标的应当与本合同所列名称、品牌、型号、规格和数量相符。",
            ),
        ),
        _section(
            "三、验收",
            (
                "甲方按照合同规定的技术、服务、安全标准组织验收并出具验收书，验收书包括每一项技术、服务、安全标准的履约情况"
                "（《政府采购法实施条例》第四十五条）。",
            ),
        ),
        _section("四、付款", payment),
        _section(
            "五、变更",
            (
                "双方不得擅自变更、中止或者终止合同（《政府采购法》第五十条）。",
                "需追加与合同标的相同的货物、工程或者服务的，在不改变合同其他条款的前提下可以订立补充合同，所有补充合同的采购金额不得超过"
                "本合同采购金额的百分之十（《政府采购法》第四十九条）。",
            ),
        ),
        _section(
            "六、公告与备案",
            (
                "甲方自本合同签订之日起 2 个工作日内公告本合同，涉及国家秘密、商业秘密的内容除外"
                "（《政府采购法实施条例》第五十条）。",
                "甲方自本合同签订之日起 7 个工作日内将合同副本报同级政府采购监督管理部门备案"
                "（《政府采购法》第四十七条）。",
            ),
        ),
        _section("七、其他约定", [line for line in content["terms"].splitlines() if line.strip()] or ["无。"]),
        _section(
            "八、争议与生效",
            (
                "履行中发生争议的，双方协商解决，也可以申请本级集中采购机构调解；协商、调解不成的，依法解决。",
                "本合同以电子形式订立，自双方均完成电子签章时成立并生效，电子文本可以随时调取查用。",
            ),
        ),
    ]


def _supplement_sections(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        _section("二、追加的原因", (content["reason"],)),
        _section(
            "三、其他条款",
            (
                f"单价和其他条款按照编号为 {content['supplement_to']} 的合同执行。",
                "所有补充合同的采购金额之和不超过该合同采购金额的百分之十（《政府采购法》第四十九条）。",
                "本补充合同以电子形式订立，自双方均完成电子签章时成立并生效。",
            ),
        ),
    ]
