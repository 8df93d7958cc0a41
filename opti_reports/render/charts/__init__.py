"""Charts as compact inline SVG; one module a kind."""
