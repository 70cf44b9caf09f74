"""Taking rows in, here or in a process of its own."""
