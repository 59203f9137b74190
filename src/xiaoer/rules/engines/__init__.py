"""Two engines, one meaning: ``one`` subject with its reasons, ``many`` subjects at once."""
