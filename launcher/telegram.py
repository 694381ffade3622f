"""The Telegram of `make run`: the real one for a token that is given, else a make-believe one in the browser.

Light on purpose: every `manage.py` reads it.
"""

# The processes of the Procfile that are the make-believe one, and the bot that needs either.
SANDBOX, BOT = "telegram", "bot"
# Any token of the right form is a bot there. This one is always the same, so that the bot's rows in the
# database stay its own from one start to the next.
_TOKEN = "8000000001:make-believe-make-believe-make-believe"  # noqa: S105  -- no secret


def environment(port: int) -> dict[str, str]:
    """What processes need to meet the make-believe Telegram at a port of loopback."""
    return {
        "TELEGRAM_BOT_TOKEN": _TOKEN,
        "TELEGRAM_BOT_TOKEN_FILE": "",
        "TELEGRAM_API_BASE_URL": f"http://127.0.0.1:{port}",
        "TELEGRAM_SANDBOX_PORT": str(port),
    }


def welcome(token: str, port: int | None) -> str:
    """The line that says where the bot is, without its secret."""
    if port:
        return f"Telegram chat to try: http://localhost:{port}/\n"
    return f"Telegram: bot number {token.partition(':')[0]}, with the token of TELEGRAM_BOT_TOKEN\n"
