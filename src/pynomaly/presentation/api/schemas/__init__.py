"""What goes over the wire, one module per resource: the only data transfer objects in the house."""
