"""The API told to people: what the OpenAPI document says, in words, as a page of ours and as a page of the docs."""
