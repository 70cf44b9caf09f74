"""Connections that users have the program make: to the outside world, never into the network it stands in."""
