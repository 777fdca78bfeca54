"""Menu entries, the files that are taken in, and words for refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.classification.attribute_rules import AttributeType
from shared_apps.classification.importing import FILE_BYTES_MAX
from shared_apps.classification.permissions import ADMINISTRATORS
from tenants.journaling.files import PURPOSES, FilePurpose, of_the_same_organisation
from webkit import navigation, problem_words
from webkit.navigation import MenuEntry

ITEM_TABLE = PURPOSES.register(
    "classification.item_table",
    FilePurpose(
        "classification.item_table",
        _("Item table"),
        frozenset({"xlsx"}),
        of_the_same_organisation,
        size_bytes_max=FILE_BYTES_MAX,
    ),
)
TYPES = {
    AttributeType.NUMBER: _("Number"),
    AttributeType.CHOICE: _("Choice"),
    AttributeType.TEXT: _("Text"),
    AttributeType.BOOLEAN: _("Yes or no"),
}

problem_words.register(
    "attributes-changed", advice=_("Somebody has set them since. Open the page again and repeat your change.")
)
problem_words.register("attribute-type-kept", facts={"key": (_("Attribute"), "text")})
navigation.register(
    MenuEntry("items", _("Item codes"), "classification:items", "hierarchy", None, "region", 66, group="libraries")
)
navigation.register(
    MenuEntry(
        "categories",
        _("Categories"),
        "classification:categories",
        "category",
        ADMINISTRATORS,
        room="region",
        order=67,
        group="goods",
    )
)
