"""Pages of practice, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.training.web import bureau, trainee

app_name = "training"
urlpatterns = [
    path("practice/", bureau.malls, name="malls"),
    path("practice/malls/<str:tenant_code>/open/", bureau.open_mall, name="open"),
    path("practice/malls/<str:tenant_code>/remake/", bureau.remake_mall, name="remake"),
    path("practice/malls/<str:tenant_code>/remove/", bureau.remove_mall, name="remove"),
    path("practice/malls/<str:tenant_code>/progress/", bureau.progress, name="progress"),
    path("practice/people/", bureau.people, name="people"),
    path("practice/people.csv", bureau.people_csv, name="people_csv"),
    path("practice/people.xlsx", bureau.people_xlsx, name="people_xlsx"),
    path("practice/exercises/", trainee.exercises, name="mine"),
]
