"""Writes of practice, by noun: `malls` asks, `making` works, `completing` records who has done what."""
