from tenants.database.rooms import RoomConfig


class WorkbenchConfig(RoomConfig):
    name = "shared_apps.workbench"
    label = "workbench"
    room = "region"
    relay = {"SupplierOrder": "SELECT, INSERT, UPDATE"}

    def ready(self) -> None:
        from shared_apps.workbench import consumers, menu, restoring  # noqa: F401  # each registers what it declares
