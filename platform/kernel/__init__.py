"""What every app stands on: no models, no project imports."""
