from tenants.database.rooms import RoomConfig


class ClassificationConfig(RoomConfig):
    name = "shared_apps.classification"
    label = "classification"
    room = "region"
