"""The steps of `scripts/measure`: each is run, keeps its result as JSON, and makes a table of it."""
