"""审批 Permits: one-thing cases across departments, unattended approval, joint acceptance, service points.

Topics: acceptance_access, acceptance_register, acceptance_urls, acceptance_words,
applicant_access, applying_register, applying_urls, automatic, automatic_access,
automatic_public_urls, automatic_register, automatic_urls, automatic_words, branches,
case_access, case_register, case_urls, case_words, clocks, definition, keys, listing,
notice_words, picture, point_access, point_urls, point_words, prefilling, register_sheets,
scenario, shipped, siting, thing_access, thing_forms, thing_urls, thing_words, typed, wording,
words.
"""
