"""What stock django-tenants asks of a project: a tenant and a domain model."""
