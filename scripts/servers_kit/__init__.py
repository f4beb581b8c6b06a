"""The parts of `scripts/servers`."""
