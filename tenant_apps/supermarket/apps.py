from tenants.database.rooms import RoomConfig


class SupermarketConfig(RoomConfig):
    name = "tenant_apps.supermarket"
    label = "supermarket"
    room = "tenant"
    append_only = ("OrderNote",)

    def ready(self) -> None:
        from tenant_apps.supermarket import events, menu, notes, words  # noqa: F401  # events declares

        words.register()
        menu.register()
        notes.register()
