"""Whether a machine and a workspace are fit for work: one look at each part, with what to do about it."""
