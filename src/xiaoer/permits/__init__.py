"""审批 Permits: one-thing cases across departments, unattended approval, joint acceptance, service points.

Topics: acceptance_access, acceptance_register, automatic, automatic_words, definition, scenario,
shipped, thing_access, thing_words, wording, words.
"""
