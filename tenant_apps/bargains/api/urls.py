"""API of bargains, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.bargains.api import views

app_name = "bargains_api"
urlpatterns = [
    path("bargains/", views.Bargains.as_view(), name="list"),
    path("bargains/propose/", views.Propose.as_view(), name="propose"),
    path("bargains/<int:bargain_id>/", views.BargainFile.as_view(), name="detail"),
    path("bargains/<int:bargain_id>/counter/", views.Counter.as_view(), name="counter"),
    path("bargains/<int:bargain_id>/propose-again/", views.ProposeAgain.as_view(), name="propose_again"),
    path("bargains/<int:bargain_id>/accept/", views.Accept.as_view(), name="accept"),
    path("bargains/<int:bargain_id>/decline/", views.Decline.as_view(), name="decline"),
    path("bargains/<int:bargain_id>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("bargains/<int:bargain_id>/to-cart/", views.ToCart.as_view(), name="to_cart"),
]
