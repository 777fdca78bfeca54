from tenants.database.rooms import RoomConfig


class PracticeConfig(RoomConfig):
    name = "tenant_apps.practice"
    label = "practice"
    room = "tenant"

    def ready(self) -> None:
        from shared_apps.training import seeding
        from tenant_apps.practice import events, items, words  # noqa: F401  # each registers what it declares
        from tenant_apps.practice.services import seed

        seeding.provide(seed)
