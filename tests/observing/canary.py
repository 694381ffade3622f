"""Made-up words that must never be found outside of the database."""

NAME = "Khanthong-Kanarie"
PHONE = "0891234567"
NOTE = "Kanarie-Husten"
EMAIL = "kanarie@mail.example"
CANARIES = (NAME, PHONE, PHONE[1:], NOTE, EMAIL, "anarie")
