from tenants.database.rooms import RoomConfig


class FilesConfig(RoomConfig):
    name = "tenant_apps.files"
    label = "files"
    room = "tenant"
    append_only = ("TenantFile",)

    def ready(self) -> None:
        from tenant_apps.files import events, purposes  # noqa: F401  # each registers what it declares
