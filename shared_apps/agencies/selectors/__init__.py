"""Reading the agency library: what is public, and what its own people and the desk see."""
