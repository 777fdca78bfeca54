from tenants.database.rooms import RoomConfig


class InvoiceNumbersConfig(RoomConfig):
    """Malls read no row: they ask whether a number is used elsewhere. The relay writes alone."""

    name = "shared_apps.invoice_numbers"
    label = "invoice_numbers"
    room = "region"
    relay = {"NumberUse": "SELECT, INSERT, UPDATE"}
    # Whether numbers are used elsewhere, and nothing of where: see migrations/0002.
    functions = {"invoice_numbers_elsewhere(text[], text)": "yz_mall"}

    def ready(self) -> None:
        from shared_apps.invoice_numbers import consumers, restoring  # noqa: F401  # each registers what it declares
