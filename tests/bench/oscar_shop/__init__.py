"""A plain django-oscar shop, the peer of `order`. Runs in an environment of its own."""

CSRF = "benchbenchbenchbenchbenchbench00"  # the cookie and the field only have to agree
