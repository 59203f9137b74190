"""The live hall: an application beside the pages that answers watchers and bidders without waiting.

``/live/…`` is served on the event loop of each process; everything else goes to Django. A process
keeps nothing that another would miss: whatever it shows is read from the database, and whatever it
takes is committed before it answers.
"""

from xiaoer.assets.live.application import LiveHall

__all__ = ["LiveHall"]
