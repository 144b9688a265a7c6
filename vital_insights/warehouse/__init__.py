"""The only room that knows DuckDB: one immutable file per tenant and snapshot."""
