from tenants.database.rooms import RoomConfig


class InsightConfig(RoomConfig):
    name = "shared_apps.insight"
    label = "insight"
    room = "region"
