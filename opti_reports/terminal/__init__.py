"""What a person reads at a terminal, and other programs as JSON: tables, amounts, next steps, progress."""
