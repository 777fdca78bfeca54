from tenants.database.rooms import RoomConfig


class RulebookConfig(RoomConfig):
    name = "shared_apps.rulebook"
    label = "rulebook"
    room = "region"
