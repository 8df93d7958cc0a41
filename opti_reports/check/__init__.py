"""What `opti check` looks at beyond the configs: templates tried on samples."""
