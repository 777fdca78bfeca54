from tenants.database.rooms import RoomConfig


class DisputesConfig(RoomConfig):
    name = "tenant_apps.disputes"
    label = "disputes"
    room = "tenant"
    append_only = ("DisputeStatement",)

    def ready(self) -> None:
        from tenant_apps.disputes import events, menu, purposes, words  # noqa: F401  # events and purposes declare

        words.register()
        menu.register()
