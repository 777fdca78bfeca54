"""Registered at start."""
