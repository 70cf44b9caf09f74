"""One file per intention: the signature is the request, the domain object the response, an exception the failure."""
