"""API of the product library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.products.api import proposals, shelves, views

app_name = "products_api"
urlpatterns = [
    path("library/products/", views.Products.as_view(), name="products"),
    path("library/shelf-bound/", shelves.ShelfBound.as_view(), name="shelf_bound"),
    path("supplier/products/", proposals.OwnProducts.as_view(), name="own_products"),
    path("supplier/products/propose/", proposals.Propose.as_view(), name="propose"),
    path("supplier/products/<slug:proposal_code>/", proposals.OwnProduct.as_view(), name="own_product"),
    path("supplier/products/<slug:proposal_code>/amend/", proposals.Amend.as_view(), name="amend"),
    path("supplier/products/<slug:proposal_code>/withdraw/", proposals.Withdraw.as_view(), name="withdraw"),
    path(
        "supplier/products/<slug:proposal_code>/certificates/", proposals.ProposeCertificate.as_view(), name="certify"
    ),
    path("library/review/products/", proposals.ReviewQueue.as_view(), name="review_queue"),
    path("library/review/products/<slug:subject>/<int:subject_id>/", proposals.Review.as_view(), name="review"),
    path("library/review/products/<slug:subject>/<int:subject_id>/decide/", proposals.Decide.as_view(), name="decide"),
    path("library/review/products/<int:product_id>/merge/", proposals.Merge.as_view(), name="merge"),
]
