"""Whose rows are these? Lock 1 (every table has a scope) and lock 2 (the tenant is bound in one place)."""
