"""What the doors that speak HTTP share: the wall, its bounds and refusals, and bodies on their way in."""
