from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class DatabaseConfig(AppConfig):
    name = "tenants.database"
    label = "database"

    def ready(self) -> None:
        from tenants.database.context import leave_rooms

        # Not in the middleware: a streaming answer still reads after the view has returned.
        request_started.connect(leave_rooms, dispatch_uid="leave_rooms_started")
        request_finished.connect(leave_rooms, dispatch_uid="leave_rooms_finished")
