"""Knows random configuration trees: of sysctl.d, of unit drop-ins and of limits.d."""
