"""The statutes' own words that the help centre cites, as the rulebook ships them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.help.model import Law

GPL_44 = Law(
    _("Government Procurement Law, art. 44"),
    "政府采购合同应当采用书面形式。",
)
GPL_47 = Law(
    _("Government Procurement Law, art. 47"),
    "政府采购项目的采购合同自签订之日起七个工作日内，采购人应当将合同副本报同级政府采购监督管理部门和有关部门备案。",
)
GPL_8 = Law(
    _("Government Procurement Law, art. 8"),
    "政府采购限额标准，属于中央预算的政府采购项目，由国务院确定并公布；属于地方预算的政府采购项目，由省、"
    "自治区、直辖市人民政府或者其授权的机构确定并公布。",
)
PAYMENTS_17 = Law(
    _("Regulations on Payments to Small and Medium-sized Enterprises, art. 17"),
    "机关、事业单位和大型企业迟延支付中小企业款项的，应当支付逾期利息。",
)
PAYMENTS_9 = Law(
    _("Regulations on Payments to Small and Medium-sized Enterprises, art. 9"),
    "机关、事业单位从中小企业采购货物、工程、服务，应当自货物、工程、服务交付之日起30日内支付款项；合同"
    "另有约定的，从其约定，但付款期限最长不得超过60日。",
)
REGULATION_29 = Law(
    _("Implementing Regulations of the Government Procurement Law, art. 29"),
    "采购人应当根据集中采购目录、采购限额标准和已批复的部门预算编制政府采购实施计划，报本级人民政府财政部门备案。",
)
REGULATION_45 = Law(
    _("Implementing Regulations of the Government Procurement Law, art. 45"),
    "采购人或者采购代理机构应当按照政府采购合同规定的技术、服务、安全标准组织对供应商履约情况进行验收，并"
    "出具验收书。验收书应当包括每一项技术、服务、安全标准的履约情况。",
)
REGULATION_50 = Law(
    _("Implementing Regulations of the Government Procurement Law, art. 50"),
    "采购人应当自政府采购合同签订之日起2个工作日内，将政府采购合同在省级以上人民政府财政部门指定的媒体上"
    "公告，但政府采购合同中涉及国家秘密、商业秘密的内容除外。",
)
