"""Launcher of the embedded PostgreSQL and Valkey, and of the portal's own processes; production names its own servers."""
