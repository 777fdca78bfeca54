from django.urls import path

from shared_apps.workbench.api import views

app_name = "workbench_api"
urlpatterns = [path("supplier/work/", views.WorkView.as_view(), name="work")]
