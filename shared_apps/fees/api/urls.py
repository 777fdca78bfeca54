from django.urls import path

from shared_apps.fees.api import views

app_name = "fees_api"
urlpatterns = [
    path("fees/months/", views.MonthsView.as_view(), name="months"),
    path("fees/statements/<str:tenant>/<str:month>/", views.StatementView.as_view(), name="statement"),
]
