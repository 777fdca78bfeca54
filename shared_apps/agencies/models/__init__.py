"""Models of the agency library, by noun."""

from shared_apps.agencies.models.agency import Agency, AgencyFile, AgencyStaff, Opening, ReportedChange

__all__ = ["Agency", "AgencyFile", "AgencyStaff", "Opening", "ReportedChange"]
