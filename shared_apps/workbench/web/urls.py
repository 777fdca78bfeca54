from django.urls import path

from shared_apps.workbench.web import views

app_name = "workbench"
urlpatterns = [
    path("supplier/work/", views.work_page, name="work"),
    path("supplier/work/export.csv", views.export, name="export"),
]
