from tenants.database.rooms import RoomConfig


class FilesConfig(RoomConfig):
    name = "tenant_apps.files"
    label = "files"
    room = "tenant"
