"""项目 Projects: reserve and life cycle, elements, task forces, investment, livelihood list.

Topics: conditions, element_access, element_urls, element_words, lights, list_sheets,
livelihood_access, livelihood_register, livelihood_urls, livelihood_words, money_access,
money_urls, money_words, month_sheets, reserve_register, reserve_urls, session_urls, shipped,
statistics, wall_urls, words.
"""
