"""The web: pages for people, rendered here, alive through HTMX."""
