"""Benchmarks: the portal, what people use instead and the floor, side by side in one run. See README.md."""
