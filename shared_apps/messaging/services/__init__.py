"""What is done with messages: telling, reading, choosing, verifying addresses, sending, looking after deliveries."""

from shared_apps.messaging.services import posting as posting
from shared_apps.messaging.services.choosing import change_choices
from shared_apps.messaging.services.contacts import ask_code, confirm_code, remove_contact
from shared_apps.messaging.services.keeping import purge, retry_delivery, set_cap
from shared_apps.messaging.services.reading import open_message, read_all, read_message
from shared_apps.messaging.services.sending import ask_due, send_due

__all__ = [
    "ask_code",
    "ask_due",
    "change_choices",
    "confirm_code",
    "open_message",
    "purge",
    "read_all",
    "read_message",
    "remove_contact",
    "retry_delivery",
    "send_due",
    "set_cap",
]
