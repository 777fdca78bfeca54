"""Words of the refusals the checkout can meet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from webkit import problem_words


def register() -> None:
    """Called once, at app start."""
    problem_words.register(
        "supplier-not-on-shelf", advice=_("Choose the same product of another supplier; ask the finance bureau why.")
    )
    problem_words.register(
        "nothing-to-order", advice=_("Open the cart and the list of orders: the order may have been sent already.")
    )
    problem_words.register(
        "supplier-not-joined",
        facts={"supplier": (_("Supplier"), "text")},
        advice=_("Choose the same product of another supplier."),
    )
    problem_words.register("address-changed", advice=_("Open the address again and look at it once more."))
    problem_words.register("address-book-full", advice=_("Remove an address that is no longer used."))
    problem_words.register("notes-full", advice=_("Put several things into one note, or into one paper."))
    problem_words.register("module-closed", advice=_("Ask the finance bureau when it will be open."))
