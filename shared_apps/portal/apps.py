from tenants.database.rooms import RoomConfig


class PortalConfig(RoomConfig):
    name = "shared_apps.portal"
    label = "portal"
    room = "region"

    def ready(self) -> None:
        from shared_apps.portal import menu  # noqa: F401  # it registers what it declares
