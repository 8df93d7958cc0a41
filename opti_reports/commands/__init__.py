"""The commands of ``opti``, a file for what belongs together; heavy imports wait until one needs them."""
