from tenants.database.rooms import RoomConfig


class MessagingConfig(RoomConfig):
    name = "shared_apps.messaging"
    label = "messaging"
    room = "region"
    append_only = ("ChannelCap",)
    relay = {
        # Tells people, and queues what goes out; sending is the worker's. It reads no address.
        "Message": "SELECT, INSERT",
        "Delivery": "SELECT (id), INSERT",
        # The invitations that a mall's journal tells of; it reads none.
        "OwnLetter": "INSERT",
        "Contact": "SELECT (user_id, channel)",
        "Choice": "SELECT",
        "Settings": "SELECT",
    }

    def ready(self) -> None:
        # Each registers what it declares.
        from shared_apps.messaging import events, following, menu, restoring, services, words  # noqa: F401
