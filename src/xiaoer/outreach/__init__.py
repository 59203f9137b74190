"""企业服务 Outreach: contact cards, visits and requests (诉求, appeals) answered in a closed loop.

Topics: cards, day_sheets, papers, reasons, routing, terms, words.
"""
