"""What meetings decided and units prepared, back into the month: read, proved, written whole."""
