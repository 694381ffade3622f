"""The questions of registering, as drafts name them."""

# The number's question stands under the text field as a button: leaving it takes that away.
ASKED_NAME, ASKED_PHONE, ASKED_CODE = "rn", "rp", "rc"
# Nothing is asked any more; kept so that an update that comes twice is answered twice the same.
REGISTERED = "rz"
REGISTERING = (ASKED_NAME, ASKED_PHONE, ASKED_CODE)
