"""Benchmarks: what we do, beside the least it could cost and beside what others take. Run by bin/bench."""
