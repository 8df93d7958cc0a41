"""Configs: TOML files read into frozen models; every fault is collected with its file and key."""
