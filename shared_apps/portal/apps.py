from tenants.database.rooms import RoomConfig


class PortalConfig(RoomConfig):
    name = "shared_apps.portal"
    label = "portal"
    room = "region"
