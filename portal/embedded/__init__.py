"""Launcher of the embedded PostgreSQL and Valkey and of the portal's processes; production names its own servers."""
