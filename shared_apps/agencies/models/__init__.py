"""Models of the agency library, by noun."""

from shared_apps.agencies.models.agency import Agency, AgencyFile, AgencyStaff, Opening, ReportedChange
from shared_apps.agencies.models.agreement import AgencyHold, Agreement, Evaluation, Participant
from shared_apps.agencies.models.check import AgencyCheck, CheckDraw, CheckPlan

__all__ = [
    "Agency",
    "AgencyCheck",
    "AgencyFile",
    "AgencyHold",
    "AgencyStaff",
    "Agreement",
    "CheckDraw",
    "CheckPlan",
    "Evaluation",
    "Opening",
    "Participant",
    "ReportedChange",
]
