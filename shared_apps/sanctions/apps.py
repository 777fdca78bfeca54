from tenants.database.rooms import RoomConfig


class SanctionsConfig(RoomConfig):
    name = "shared_apps.sanctions"
    label = "sanctions"
    room = "region"
