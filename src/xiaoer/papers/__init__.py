"""材料 Papers: kept once and used again, read, made, signed; the register of licences.

Topics: keeping_words, keeping_urls, ocr, shipped, signing, printing, months, masking,
licence_kinds, licence_words, licence_urls, seals.
"""
