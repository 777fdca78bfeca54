"""What people and the worker do with packages."""

from tenant_apps.takeover.services.deciding import cancel, confirm, judge_again, propose, send_back
from tenant_apps.takeover.services.mapping import map_code
from tenant_apps.takeover.services.receiving import receive_package
from tenant_apps.takeover.services.running import run_takeover

__all__ = [
    "cancel",
    "confirm",
    "judge_again",
    "map_code",
    "propose",
    "receive_package",
    "run_takeover",
    "send_back",
]
