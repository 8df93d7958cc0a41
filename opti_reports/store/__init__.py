"""What is known already, by the hash of everything it depends on."""
