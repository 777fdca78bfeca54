"""Pages of the product library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.products.web import pages, profiles, reviewing, shelves, supplying

app_name = "products"
urlpatterns = [
    path("library/products/", pages.products, name="products"),
    path("library/products.csv", pages.products_csv, name="products_csv"),
    path("library/products/<slug:code>/", pages.product, name="product"),
    path("library/brands/<int:brand_id>/", pages.brand, name="brand"),
    path("library/shelf-bound/", shelves.shelf_bound, name="shelf_bound"),
    path("pictures/<str:code>.svg", pages.picture, name="picture"),
    path("pictures/<slug:code>/<int:place>/", pages.image, name="image"),
    path("library/profiles/", profiles.profile_list, name="profiles"),
    path("library/profiles/new/", profiles.new_profile, name="new_profile"),
    path("library/profiles/<int:profile_id>/", profiles.profile, name="profile"),
    path("library/profiles/<int:profile_id>/products.csv", profiles.profile_csv, name="profile_csv"),
    path("library/profiles/<int:profile_id>/edit/", profiles.edit_profile, name="edit_profile"),
    path("library/profiles/<int:profile_id>/close/", profiles.close_profile, name="close_profile"),
    path("supplier/products/", supplying.own_products, name="own_products"),
    path("supplier/products/new/", supplying.propose, name="propose"),
    path("supplier/products/<slug:proposal_code>/", supplying.own_product, name="own_product"),
    path("supplier/products/<slug:proposal_code>/edit/", supplying.amend, name="amend"),
    path("supplier/products/<slug:proposal_code>/withdraw/", supplying.withdraw, name="withdraw"),
    path("supplier/products/<slug:proposal_code>/certificates/", supplying.add_certificate, name="add_certificate"),
    path("supplier/products/<slug:proposal_code>/images/", supplying.add_own_image, name="add_own_image"),
    path("supplier/products/<slug:proposal_code>/images/remove/", supplying.remove_own_image, name="remove_own_image"),
    path("library/review/products/", reviewing.queue, name="review_queue"),
    path("library/review/products/badge/", reviewing.badge, name="review_badge"),
    path("library/review/products/<slug:subject>/<int:subject_id>/", reviewing.review, name="review"),
    path("library/review/products/<slug:subject>/<int:subject_id>/decide/", reviewing.decide, name="decide"),
    path("library/review/products/<slug:subject>/<int:subject_id>/merge/", reviewing.merge_name, name="merge_name"),
    path("library/review/products/<int:product_id>/merge/", reviewing.merge, name="merge"),
    path("library/review/products/<int:product_id>/images/", reviewing.take_image_off, name="take_image_off"),
]
