"""Pages over the published snapshot. Nothing here reads the warehouse, a file of the inbox or the network."""
