"""Views: read the request, say one verb, write the answer."""
