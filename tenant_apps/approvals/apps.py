from tenants.database.rooms import RoomConfig


class ApprovalsConfig(RoomConfig):
    name = "tenant_apps.approvals"
    label = "approvals"
    room = "tenant"

    def ready(self) -> None:
        from tenant_apps.approvals import menu

        menu.register()
