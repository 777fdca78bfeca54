from django.urls import path

from tests.bench.request_site.views import page

urlpatterns = [path("", page)]
