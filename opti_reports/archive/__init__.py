"""The archive: released runs that prove themselves, and the ledger that chains them."""
