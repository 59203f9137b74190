"""载体与闲置资产 Assets: land, workshops and what stands empty in them; leases, needs, the auction.

Topics: auction, fitting, live, place_map, register, shipped, unit_sheets, words.
"""
