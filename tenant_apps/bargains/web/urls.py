"""Pages of bargains, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.bargains.web import views

app_name = "bargains"
urlpatterns = [
    path("bargains/", views.bargain_list, name="list"),
    path("bargains/export.csv", views.export, name="export"),
    path("bargains/new/<int:supplier_id>/", views.new, name="new"),
    path("bargains/<int:bargain_id>/", views.bargain_page, name="bargain"),
    path("bargains/<int:bargain_id>/counter/", views.counter, name="counter"),
    path("bargains/<int:bargain_id>/propose-again/", views.propose_again, name="propose_again"),
    path("bargains/<int:bargain_id>/accept/", views.accept, name="accept"),
    path("bargains/<int:bargain_id>/decline/", views.decline, name="decline"),
    path("bargains/<int:bargain_id>/withdraw/", views.withdraw, name="withdraw"),
    path("bargains/<int:bargain_id>/to-cart/", views.to_cart, name="to_cart"),
]
