"""识读 Reading papers: pages, what stands on them, and fields with their place and confidence.

Pure: no tables and no settings. The engine runs in a process of its own (``worker``).
"""
