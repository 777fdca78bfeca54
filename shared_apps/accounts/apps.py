from tenants.database.rooms import RoomConfig


class AccountsConfig(RoomConfig):
    """A mall's request reads people only through the functions of migration 0002: each asks for a secret's hash."""

    name = "shared_apps.accounts"
    label = "accounts"
    room = "region"
    append_only = ("SecurityEvent",)
    mall = {
        # Names of public bodies and companies, not of people.
        "Organisation": "SELECT",
        # Writing only; the identifier is what Django asks back after an insert.
        "SecurityEvent": "INSERT, SELECT (id)",
    }
    relay = {
        # Enters the organisations that a bureau names with its units (see consumers).
        "Organisation": "SELECT, INSERT",
        "Membership": "SELECT, INSERT",
        "User": "SELECT (id, name, email, is_active)",
        "Invitation": "SELECT, INSERT, UPDATE",
    }
    functions = {
        "accounts_enter_mall(text, text, text, integer)": "yz_mall",
        "accounts_mall_visitor(text, text)": "yz_mall",
        "accounts_leave_mall(text, text)": "yz_mall",
    }

    def ready(self) -> None:
        from shared_apps.accounts import (  # noqa: F401  # each registers what it declares
            consumers,
            events,
            exporting,
            menu,
            restoring,
        )
