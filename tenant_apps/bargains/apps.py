from tenants.database.rooms import RoomConfig


class BargainsConfig(RoomConfig):
    name = "tenant_apps.bargains"
    label = "bargains"
    room = "tenant"
    append_only = ("BargainMove",)
    sweeper = {"Bargain": "SELECT (id, next_due_at)"}

    def ready(self) -> None:
        from tenant_apps.bargains import events, menu, words  # noqa: F401  # events declares

        words.register()
        menu.register()
