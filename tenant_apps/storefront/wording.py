"""Words for the refusals of this app."""

from django.utils.translation import gettext_lazy as _

from webkit import problem_words

problem_words.register(
    "offer-unavailable",
    facts={"product": (_("Product"), "text"), "supplier": (_("Supplier"), "text")},
    advice=_("Choose another supplier's offer on the product page."),
)
problem_words.register(
    "cart-full",
    facts={"lines": (_("Lines in the cart"), "text"), "most": (_("At most"), "text")},
    advice=_("Check out or remove some lines first."),
)
problem_words.register("cart-changed", advice=_("Look at the cart as it is now, then hand it over."))
problem_words.register(
    "nothing-to-hand-over", advice=_("Put something into the cart first, or open the unit it is for.")
)
problem_words.register(
    "colleague-has-another-area",
    advice=_("Choose the same delivery area as your colleague, or ask them to empty their cart first."),
)
problem_words.register("favourites-full", advice=_("Take out products that you no longer need."))
problem_words.register("shelf-changed", advice=_("Open the page again, look at the present choice and choose anew."))
problem_words.register(
    "local-approval-not-allowed",
    advice=_("Suppliers admitted by the region sell in every mall until it decides otherwise."),
)
problem_words.register("no-supplier-approved", advice=_("Approve suppliers first: with none the mall would be empty."))
problem_words.register(
    "area-not-served", advice=_("Choose one of the delivery areas of this mall, or ask the finance bureau to add it.")
)
problem_words.register("local-approval-changed", advice=_("Open the page again and decide on what it says now."))
