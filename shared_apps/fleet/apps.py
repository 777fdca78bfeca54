from tenants.database.rooms import RoomConfig


class FleetConfig(RoomConfig):
    name = "shared_apps.fleet"
    label = "fleet"
    room = "region"
    # Measuring asks every schema, which the sweeper alone may.
    sweeper = {"MallFigures": "SELECT, INSERT, UPDATE, DELETE"}

    def ready(self) -> None:
        from shared_apps.fleet import events, menu, words  # noqa: F401  # each registers what it declares
