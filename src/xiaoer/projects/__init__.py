"""项目 Projects: reserve and life cycle, elements, task forces, investment, livelihood list.

Topics: element_access, element_words, element_urls, money_access, money_words, livelihood_access, livelihood_register, livelihood_urls, livelihood_words, statistics, wall_access, wall_urls.
"""
