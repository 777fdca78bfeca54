"""All roles of the help centre, in the order of its front page."""

from __future__ import annotations

from config.help.buying import BUYING
from config.help.model import Role
from config.help.others import OTHERS
from config.help.overseeing import OVERSEEING
from config.help.selling import SELLING

ROLES: dict[str, Role] = {role.key: role for role in (*OTHERS[:1], *BUYING, *SELLING, *OVERSEEING, *OTHERS[1:])}


def picture_names() -> list[str]:
    """Of which pages a picture is shown."""
    return sorted({task.picture.name for role in ROLES.values() for task in role.tasks if task.picture is not None})
