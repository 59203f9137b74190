"""Pages of the registry: enterprises, places, people who answer for them and who speak for them."""
