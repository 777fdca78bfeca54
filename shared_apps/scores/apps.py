from tenants.database.rooms import RoomConfig


class ScoresConfig(RoomConfig):
    name = "shared_apps.scores"
    label = "scores"
    room = "region"
