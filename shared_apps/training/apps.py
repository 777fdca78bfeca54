from tenants.database.rooms import RoomConfig


class TrainingConfig(RoomConfig):
    name = "shared_apps.training"
    label = "training"
    room = "region"
