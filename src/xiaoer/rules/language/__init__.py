"""The rule language: expressions are read, held to an allow-list and a vocabulary, and compiled.

Pure: no database, no Django models. A missing fact is never a silent no.
"""
