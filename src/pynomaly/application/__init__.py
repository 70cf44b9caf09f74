"""What the program can do: ports to the outside and one use case per intention."""
