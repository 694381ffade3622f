"""The Telegram door: patients register, book, look up, move and cancel in a chat."""
