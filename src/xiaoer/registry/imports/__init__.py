"""Bringing in sheets of enterprises: which fields, how a sheet is read, how rows meet the registry."""
