from tenants.database.rooms import RoomConfig


class ExchangeConfig(RoomConfig):
    name = "shared_apps.exchange"
    label = "exchange"
    room = "region"

    def ready(self) -> None:
        # Each registers what it declares.
        from shared_apps.exchange import events, menu, purposes, words  # noqa: F401
        from shared_apps.exchange.kinds import offers, products  # noqa: F401
