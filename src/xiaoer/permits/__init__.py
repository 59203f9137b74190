"""审批 Permits: one-thing cases across departments, unattended approval, joint acceptance, service points.

Topics: definition.
"""
