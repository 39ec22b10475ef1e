"""Hospital price-transparency files (CMS machine-readable file v2.x and v3.0): CSV tall, CSV wide and JSON.

Descriptions are never kept: they repeat copyrighted descriptors, and no figure needs them.
"""
