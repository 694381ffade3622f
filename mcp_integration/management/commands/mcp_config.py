import json
import os
import shlex
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from apikeys.keys import create_key
from core.actor import Actor
from core.errors import DomainError
from mcp_integration.client_config import CLIENTS, Client, Way, entry_of, wrapped
from tenants.directory import hospital_by_subdomain

PLACEHOLDER = "PUT-THE-KEY-HERE"
_SCOPES = "read:bookings,write:bookings"


class Command(BaseCommand):
    help = (
        "Print the configuration that connects an AI client to this installation, ready to be used. "
        "It holds a key: keep it to yourself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--client", required=True, choices=[str(client) for client in CLIENTS])
        parser.add_argument("--http", action="store_true", help="over HTTP, instead of starting a server")
        parser.add_argument("--url", default="", help="with --http: where it is, as clients reach it")
        parser.add_argument("--name", default="nadmor", help="what the client calls the server")
        parser.add_argument(
            "--tools",
            choices=("booking", "healthcare", "all"),
            default="",
            help="which groups of tools; without it, those that fit what the key may do",
        )
        key = parser.add_mutually_exclusive_group()
        key.add_argument("--key", default="", help="an API key that there is already")
        key.add_argument("--hospital", default="", help="subdomain: make a new key of this hospital")
        parser.add_argument("--scopes", default=_SCOPES, help="with --hospital: of the new key")

    @no_translations
    def handle(self, **options: Any) -> None:
        client, way = Client(options["client"]), Way.HTTP if options["http"] else Way.STDIO
        if client is Client.CLAUDE_DESKTOP and way is Way.HTTP:
            raise CommandError(
                "The configuration file of Claude Desktop starts programs on this machine; it cannot send "
                "a key over HTTP. Leave out --http, on the machine where NadMor is installed."
            )
        if options["tools"] and way is Way.HTTP:
            raise CommandError("Over HTTP the server decides: runmcpserver --http --tools …")
        if options["url"] and way is Way.STDIO:
            raise CommandError("--url is for --http.")
        key = options["key"] or self._new_key(client, options) or PLACEHOLDER
        if key == PLACEHOLDER:
            self._say(
                f"Put an API key in the place of {PLACEHOLDER}. This makes one: "
                f"manage.py create_api_key --hospital demo --name {client} --scopes {_SCOPES}"
            )
        entry = entry_of(client, way, key=key, tools=options["tools"], url=options["url"])
        self._print(client, options["name"], entry)

    def _new_key(self, client: Client, options: dict[str, Any]) -> str:
        if not options["hospital"]:
            return ""
        try:
            _row, text = create_key(
                Actor.system("mcp_config", "keys.write"),
                name=str(client),
                scopes=[scope.strip() for scope in options["scopes"].split(",") if scope.strip()],
                hospital=hospital_by_subdomain(options["hospital"]),
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self._say(f"A new key of {options['hospital']} is in it: {options['scopes']}.")
        return text

    def _print(self, client: Client, name: str, entry: dict[str, Any]) -> None:
        if client is Client.CLAUDE_CODE:
            words = ["claude", "mcp", "add-json", name, json.dumps(entry)]
            self.stdout.write(shlex.join(words))
        else:
            self.stdout.write(json.dumps(wrapped(name, entry), indent=2))
        if os.isatty(1):
            self._say(CLIENTS[client])

    def _say(self, text: str) -> None:
        self.stderr.write(text, self.style.NOTICE)
