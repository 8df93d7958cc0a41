"""Time as the county cuts it: months, cadences, periods and durations. Nothing else knows how long one is."""
