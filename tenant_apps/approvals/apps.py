from tenants.database.rooms import RoomConfig


class ApprovalsConfig(RoomConfig):
    name = "tenant_apps.approvals"
    label = "approvals"
    room = "tenant"

    def ready(self) -> None:
        from tenant_apps.approvals import events, menu, words  # noqa: F401  # importing events declares them

        menu.register()
        words.register()
