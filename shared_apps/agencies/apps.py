from tenants.database.rooms import RoomConfig


class AgenciesConfig(RoomConfig):
    """A mall reads nothing of agencies yet: projects that they run come with a later part."""

    name = "shared_apps.agencies"
    label = "agencies"
    room = "region"
    append_only = ("ReportedChange", "Opening", "Participant", "CheckDraw")

    def ready(self) -> None:
        from shared_apps.agencies import (  # noqa: F401  # each registers what it declares
            events,
            exporting,
            menu,
            parties,
            purposes,
            todo,
            wording,
        )
