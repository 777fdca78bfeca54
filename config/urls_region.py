"""The region's host: portal, sign-in, libraries, consoles."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from config.metrics import metrics
from config.routes import routes_of, service_routes

urlpatterns: list[URLPattern | URLResolver] = [
    *service_routes("config.urls_region"),
    path("metrics", metrics, name="metrics"),
    *routes_of("shared_apps"),
]
handler400 = "kernel.http.handler400"
handler403 = "kernel.http.handler403"
handler404 = "kernel.http.handler404"
handler500 = "kernel.http.handler500"
