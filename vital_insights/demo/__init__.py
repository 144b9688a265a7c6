"""A real Postgres filled with made-up tenants, through the contract's own tables."""
