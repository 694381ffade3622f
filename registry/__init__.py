"""The register of hospitals: the platform's verbs about them."""
