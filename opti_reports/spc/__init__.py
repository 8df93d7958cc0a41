"""One series from a file to its process behaviour chart: `opti spc`."""
