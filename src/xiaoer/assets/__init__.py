"""载体与闲置资产 Assets: land, workshops and what stands empty in them; leases, needs, the auction.

Topics: after_register, announcement, cage_register, carrier_access, carrier_urls, carrier_words,
fit_words, fitting, hall_urls, hall_words, land_access, land_register, land_shipped, land_urls, live,
lot_access, lot_register, lot_urls, moving_access, moving_register, moving_urls, place_map,
price_patterns, sale_urls, sale_words, settlement, shipped_cages, shipped_moving, space_access,
space_urls, space_words, statements, terms, unit_sheets.
"""
