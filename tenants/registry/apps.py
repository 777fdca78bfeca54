from tenants.database.rooms import RoomConfig


class RegistryConfig(RoomConfig):
    name = "tenants.registry"
    label = "registry"
    room = "region"
    mall = {"Tenant": "SELECT", "Domain": "SELECT"}
    relay = {"Tenant": "SELECT, UPDATE (state, live_at)"}
    sweeper = {"Tenant": "SELECT"}
    functions = {"registry_align_journal(text)": "yz_region"}

    def ready(self) -> None:
        from tenants.registry import words  # noqa: F401  # registering is what it is imported for
