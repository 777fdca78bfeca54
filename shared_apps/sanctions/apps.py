from tenants.database.rooms import RoomConfig


class SanctionsConfig(RoomConfig):
    """Malls read the standing that follows from a ban in the supplier library, never the bans."""

    name = "shared_apps.sanctions"
    label = "sanctions"
    room = "region"

    def ready(self) -> None:
        from shared_apps.sanctions import (  # noqa: F401  # each registers what it declares
            events,
            files,
            sections,
            suppliers,
            todo,
            wording,
        )
