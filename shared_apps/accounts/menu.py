"""What accounts contributes to the shell: a menu entry and words for its refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.accounts.permissions import LOG_READERS, MANAGERS
from webkit import navigation, problem_words
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "organisations",
        _("My organisations"),
        "accounts:organisations",
        "users",
        posts=frozenset(MANAGERS),
        room="region",
        order=80,
        group="organisations",
    )
)

# Auditor and operator get there from the security log: their menu is long enough.
IN_MENU = frozenset({Post.TIER_SUPERVISOR, Post.REGION_SUPERVISOR})
navigation.register(
    MenuEntry(
        "visits",
        _("Visits by overseers"),
        "accounts:visits",
        "eye",
        posts=IN_MENU,
        room="region",
        order=82,
        group="organisations",
    )
)
navigation.register(
    MenuEntry(
        "security_log", _("Security log"), "accounts:security_log", "shield-check", posts=LOG_READERS, room="region",
        order=84, group="organisations",
    )
)  # fmt: skip

problem_words.register(
    "sign-in-refused",
    advice=_("Check the name and the password. If the password is forgotten, have it reset by e-mail."),
)
problem_words.register(
    "sign-in-held",
    facts={"retry_after_seconds": (_("Seconds to wait"), "text")},
    advice=_("Wait until the time is over, or have the password reset by e-mail."),
)
problem_words.register(
    "entry-refused",
    advice=_("Go to your account on the region's site and enter the mall again from there."),
)
problem_words.register(
    "invitation-not-valid",
    advice=_("Ask the person who invited you to send a new invitation."),
)
problem_words.register(
    "reset-not-valid",
    advice=_("Ask for a new link and use it within one hour."),
)
problem_words.register(
    "last-administrator",
    facts={"organisation": (_("Organisation"), "text")},
    advice=_("Give another member the administrator's post first, or invite somebody for it."),
)
