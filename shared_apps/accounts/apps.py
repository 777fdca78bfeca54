from tenants.database.rooms import RoomConfig


class AccountsConfig(RoomConfig):
    """A mall's request reads people only through the functions of migration 0002: each asks for a secret."""

    name = "shared_apps.accounts"
    label = "accounts"
    room = "region"
    append_only = ("SecurityEvent",)
    relay = {
        "Organisation": "SELECT",
        "Membership": "SELECT, INSERT",
        "User": "SELECT (id, name, email, is_active)",
        "Invitation": "SELECT, INSERT, UPDATE",
    }
