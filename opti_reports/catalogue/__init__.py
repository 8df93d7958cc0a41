"""What follows from the configs alone: computed once, used by every stage."""
