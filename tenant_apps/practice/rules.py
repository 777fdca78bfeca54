"""The practice partner, and what it does with an order in each state. Pure."""

from __future__ import annotations

from enum import StrEnum

from kernel.posts import Post

# The partner is no person: nobody signs in as it, and no account has a negative number. It has one number a post,
# because nobody may hold two incompatible posts on one order, the partner included.
PARTNER_IDS: dict[Post, int] = {
    Post.BUYER_CLERK: -1,
    Post.BUYER_APPROVER: -2,
    Post.BUYER_ACCEPTOR: -3,
    Post.BUYER_PAYER: -4,
    Post.SUPPLIER_SALES: -5,
}


class PartnerStep(StrEnum):
    APPROVE = "approve"
    ACCEPT = "accept"
    SHIP = "ship"
    ACCEPT_GOODS = "accept_goods"
    RETURN_GOODS = "return_goods"
    PAY = "pay"


# What the partner does next with an order; in other states it has nothing to do.
NEXT_STEP: dict[str, PartnerStep] = {
    "pending_approval": PartnerStep.APPROVE,
    "placed": PartnerStep.ACCEPT,
    "accepted": PartnerStep.SHIP,
    "shipped": PartnerStep.ACCEPT_GOODS,
    "goods_refused": PartnerStep.RETURN_GOODS,
    "returned": PartnerStep.SHIP,
    "goods_accepted": PartnerStep.PAY,
}
POST_OF_STEP: dict[PartnerStep, Post] = {
    PartnerStep.APPROVE: Post.BUYER_APPROVER,
    PartnerStep.ACCEPT: Post.SUPPLIER_SALES,
    PartnerStep.SHIP: Post.SUPPLIER_SALES,
    PartnerStep.ACCEPT_GOODS: Post.BUYER_ACCEPTOR,
    PartnerStep.RETURN_GOODS: Post.SUPPLIER_SALES,
    PartnerStep.PAY: Post.BUYER_PAYER,
}
# In which state the partner hands an order to the trainee, by the trainee's exercise.
HANDED_OVER_IN: dict[str, str] = {"approve": "pending_approval", "accept_goods": "shipped", "pay": "goods_accepted"}
