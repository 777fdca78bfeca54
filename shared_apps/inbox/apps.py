from tenants.database.rooms import RoomConfig


class InboxConfig(RoomConfig):
    name = "shared_apps.inbox"
    label = "inbox"
    room = "region"
