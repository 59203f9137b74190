"""底座 Base: what every room stands on.

Nouns: city, zone, account, person, office, post, deputy; scope, journal, refusal; units; stored files.

Topics: scope, guard, journal, doors, api_door, api_once, refusals, units, bounds, dates, reading, tables,
sealing, installation, slips, tokens, verbs, rights, officers, subjects, sniffing, files, envelopes, hashing, details, words, copying,
founding, checking, vault, harmless, scanning, apart, arrival, leaving.
"""
