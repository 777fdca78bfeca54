"""API of the product library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.products.api import papers, profiles, proposals, shelves, views

app_name = "products_api"
urlpatterns = [
    path("library/products/", views.Products.as_view(), name="products"),
    path("library/products/<slug:code>/", views.Product.as_view(), name="product"),
    path("library/shelf-bound/", shelves.ShelfBound.as_view(), name="shelf_bound"),
    path("library/profiles/", profiles.Profiles.as_view(), name="profiles"),
    path("library/profiles/new/", profiles.NewProfile.as_view(), name="new_profile"),
    path("library/profiles/<int:profile_id>/", profiles.Profile.as_view(), name="profile"),
    path("library/profiles/<int:profile_id>/edit/", profiles.EditProfile.as_view(), name="edit_profile"),
    path("library/profiles/<int:profile_id>/close/", profiles.CloseProfile.as_view(), name="close_profile"),
    path("supplier/products/", proposals.OwnProducts.as_view(), name="own_products"),
    path("supplier/products/propose/", proposals.Propose.as_view(), name="propose"),
    path("supplier/products/<slug:proposal_code>/", proposals.OwnProduct.as_view(), name="own_product"),
    path("supplier/products/<slug:proposal_code>/amend/", proposals.Amend.as_view(), name="amend"),
    path("supplier/products/<slug:proposal_code>/withdraw/", proposals.Withdraw.as_view(), name="withdraw"),
    path(
        "supplier/products/<slug:proposal_code>/certificates/", proposals.ProposeCertificate.as_view(), name="certify"
    ),
    path("supplier/products/<slug:proposal_code>/papers/", papers.AddCertificate.as_view(), name="add_certificate"),
    path("supplier/products/<slug:proposal_code>/images/", papers.AddImage.as_view(), name="add_image"),
    path("library/review/products/", proposals.ReviewQueue.as_view(), name="review_queue"),
    path("library/review/products/<slug:subject>/<int:subject_id>/", proposals.Review.as_view(), name="review"),
    path("library/review/products/<slug:subject>/<int:subject_id>/decide/", proposals.Decide.as_view(), name="decide"),
    path(
        "library/review/products/<slug:subject>/<int:subject_id>/merge/",
        proposals.MergeName.as_view(),
        name="merge_name",
    ),
    path("library/review/products/<int:product_id>/merge/", proposals.Merge.as_view(), name="merge"),
]
