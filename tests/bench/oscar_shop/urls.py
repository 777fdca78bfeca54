from django.apps import apps
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("alive/", lambda request: HttpResponse("yes")),
    path("i18n/", include("django.conf.urls.i18n")),  # its pages offer the languages
    path("", include(apps.get_app_config("oscar").urls[0])),
]
