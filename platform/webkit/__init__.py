"""Page shell, components and vendored assets shared by both hosts."""
