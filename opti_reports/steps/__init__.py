"""The steps of the monthly story: each hands one stage's result to the next. Only ``run`` calls them."""
