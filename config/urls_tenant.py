"""A tenant's host: its mall."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from config.routes import routes_of, service_routes

urlpatterns: list[URLPattern | URLResolver] = [
    *service_routes("config.urls_tenant"),
    *routes_of("tenant_apps"),
]
handler400 = "kernel.http.handler400"
handler403 = "kernel.http.handler403"
handler404 = "kernel.http.handler404"
handler500 = "kernel.http.handler500"
