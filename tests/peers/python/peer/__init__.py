"""The flow of the product, as a Python team would write it."""
