"""The second factor: codes of a phone (RFC 6238) and recovery codes, asked for after the password."""
