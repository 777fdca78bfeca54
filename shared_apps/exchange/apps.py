from tenants.database.rooms import RoomConfig


class ExchangeConfig(RoomConfig):
    name = "shared_apps.exchange"
    label = "exchange"
    room = "region"
