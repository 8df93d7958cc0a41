"""Where a published figure comes from, and what changed: values traced to formula, facts and files."""
