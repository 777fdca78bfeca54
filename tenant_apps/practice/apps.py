from tenants.database.rooms import RoomConfig


class PracticeConfig(RoomConfig):
    name = "tenant_apps.practice"
    label = "practice"
    room = "tenant"
