"""A large library for benchmarks and trials: invented, reproducible, never in production."""
