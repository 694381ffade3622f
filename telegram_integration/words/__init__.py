"""The bot's words: HTML texts of cards, days, times and months as people of the hospital read them."""
