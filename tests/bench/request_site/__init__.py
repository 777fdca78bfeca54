"""One page with five SELECTs, served three ways: our tenancy, one schema without any, stock django-tenants."""

# The rows of every schema: what the page shows.
UNITS = 20
CARTS = 3
LINES = 5
USER = 7
