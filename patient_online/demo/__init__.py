"""The made-up practice and its people, for the demo, the tests and the benchmarks."""
