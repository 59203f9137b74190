"""审批 Permits: one-thing cases across departments, unattended approval, joint acceptance, service points.

Topics: automatic, automatic_words, definition, shipped.
"""
