from django.urls import path

from shared_apps.fees.web import views

app_name = "fees"
urlpatterns = [
    path("fees/", views.months, name="months"),
    path("fees/statements/<str:tenant>/<str:month>/", views.statement, name="statement"),
    path("fees/statements/<str:tenant>/<str:month>/table.csv", views.export, name="export"),
]
