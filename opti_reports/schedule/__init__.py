"""The run that starts by itself: timers of each system, and whether a month is due."""
