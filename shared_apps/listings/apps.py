from tenants.database.rooms import RoomConfig


class ListingsConfig(RoomConfig):
    name = "shared_apps.listings"
    label = "listings"
    room = "region"
    append_only = ("ParameterValue", "WordChange")
    # Aggregates only: what another mall paid for which order stays the region's.
    mall = {"PriceReference": "SELECT"}
    relay = {"PaidPrice": "SELECT, INSERT, UPDATE"}

    def ready(self) -> None:
        from shared_apps.listings import (  # noqa: F401  # each registers what it declares
            consumers,
            events,
            menu,
            purposes,
            restoring,
            todo,
            words,
        )
