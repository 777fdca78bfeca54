"""What the storefront tells pages, API and checkout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kernel.money import ZERO, line_amount
from kernel.sm3 import canonical_json, sm3_hex
from shared_apps.products.read_models import OfferView


@dataclass(frozen=True, slots=True)
class CartLineView:
    """One line with the offer as it is now; `offer` None: the library no longer has it."""

    line_id: int
    offer_id: int
    quantity: int
    seen_price: Decimal
    offer: OfferView | None

    @property
    def orderable(self) -> bool:
        """On sale, delivered here, in whole packs and at least the supplier's smallest quantity."""
        return self.offer is not None and self.offer.available and self.offer.takes(self.quantity)

    @property
    def other_quantities(self) -> tuple[int, ...]:
        """Where so many cannot be ordered: the next quantities that can."""
        if self.offer is None or self.offer.takes(self.quantity):
            return ()
        return tuple(near for near in self.offer.nearest_to(self.quantity) if near is not None)

    @property
    def price_changed(self) -> bool:
        return self.offer is not None and self.offer.price != self.seen_price

    @property
    def amount(self) -> Decimal:
        return line_amount(price=self.offer.price, quantity=self.quantity) if self.offer else ZERO


@dataclass(frozen=True, slots=True)
class SupplierCart:
    """The lines of one supplier: one order to be. Amounts count the orderable lines only."""

    supplier_id: int
    supplier_code: str
    supplier_name: str
    lines: tuple[CartLineView, ...]

    @property
    def orderable_lines(self) -> tuple[CartLineView, ...]:
        return tuple(line for line in self.lines if line.orderable)

    @property
    def goods_amount(self) -> Decimal:
        return sum((line.amount for line in self.orderable_lines), ZERO)

    @property
    def freight_amount(self) -> Decimal:
        return sum((line.offer.freight for line in self.orderable_lines if line.offer), ZERO)

    @property
    def total_amount(self) -> Decimal:
        return self.goods_amount + self.freight_amount

    @property
    def can_check_out(self) -> bool:
        """Every line can be ordered: a line that cannot is changed or removed first, never dropped silently."""
        return bool(self.lines) and all(line.orderable for line in self.lines)


def fingerprint(lines: Iterable[tuple[int, int]]) -> str:
    """What is in a cart, as a short text: (offer, quantity) in any order."""
    return sm3_hex(canonical_json(sorted([list(line) for line in lines])))[:32]


@dataclass(frozen=True, slots=True)
class CartView:
    """A clerk's cart for one budget unit, by supplier."""

    unit_id: int
    suppliers: tuple[SupplierCart, ...]
    # The division of the address it is for: prices and freight are those there.
    area_code: str = ""

    @property
    def line_count(self) -> int:
        return sum(len(supplier.lines) for supplier in self.suppliers)

    @property
    def total_amount(self) -> Decimal:
        return sum((supplier.total_amount for supplier in self.suppliers), ZERO)

    @property
    def fingerprint(self) -> str:
        return fingerprint((line.offer_id, line.quantity) for supplier in self.suppliers for line in supplier.lines)

    def of_supplier(self, supplier_id: int) -> SupplierCart | None:
        return next((found for found in self.suppliers if found.supplier_id == supplier_id), None)


@dataclass(frozen=True, slots=True)
class TakenLine:
    """A line handed over to an order."""

    offer_id: int
    quantity: int
    seen_price: Decimal
    on_shelf: bool = True
    area_code: str = ""


@dataclass(frozen=True, slots=True)
class ShelfChoice:
    """The shelf as the bureau chose it."""

    categories: frozenset[str]
    excluded_supplier_ids: frozenset[int]
    chosen_at: datetime
    chosen_by_name: str
    version: int
    more_areas: tuple[str, ...] = ()
