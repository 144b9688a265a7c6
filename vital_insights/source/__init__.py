"""The only room that knows Postgres: one tenant's rows, read whole or not at all."""
