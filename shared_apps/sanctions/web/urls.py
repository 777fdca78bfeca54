"""Pages of bans, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.sanctions.web import keeping, public

app_name = "sanctions"
urlpatterns = [
    path("sanctions/", public.sanctions, name="sanctions"),
    path("sanctions/table.csv", public.export, name="export"),
    path("sanctions/<int:sanction_id>/", public.sanction, name="sanction"),
    path("sanctions/kept/", keeping.kept, name="kept"),
    path("sanctions/kept/new/", keeping.enter, name="enter"),
    path("sanctions/kept/<int:sanction_id>/", keeping.one, name="one"),
    path("sanctions/kept/<int:sanction_id>/document/", keeping.attach, name="attach"),
    path("sanctions/kept/<int:sanction_id>/put-in-force/", keeping.put_in_force, name="put_in_force"),
    path("sanctions/kept/<int:sanction_id>/lift/", keeping.lift, name="lift"),
    path("sanctions/kept/<int:sanction_id>/annul/", keeping.annul, name="annul"),
]
