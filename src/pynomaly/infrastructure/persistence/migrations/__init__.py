"""How a workspace's database came to be what it is, one step per change of the tables."""
