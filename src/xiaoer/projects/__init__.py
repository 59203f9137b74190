"""项目 Projects: reserve and life cycle, elements, task forces, investment, livelihood list.

Topics: money_access, money_words.
"""
