"""Writes of the orders app, one module per part of the process."""
