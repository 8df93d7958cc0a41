"""The handbook of the metrics, for people: `opti handbook`."""
