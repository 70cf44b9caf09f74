"""The sockets of the house: small protocols that infrastructure implements and use cases call."""
