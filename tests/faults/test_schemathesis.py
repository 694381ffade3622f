"""Generated requests, right and wrong ones, against the OpenAPI document that the platform gives out."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis

from launcher.paths import SCRIPTS

CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES, MOST_SECONDS = 15, 420


@contextmanager
def addresses_forgotten(url: str) -> Iterator[None]:
    """Forget, again and again, what our address has asked without a good key.

    Otherwise the right answer to a missing key would soon be 429, and an ignored one could hide behind it.
    """
    over = threading.Event()

    def forget() -> None:
        with redis.Redis.from_url(url, socket_timeout=2) as client:
            while not over.wait(0.1):
                with suppress(redis.RedisError):
                    if keys := [*client.scan_iter("*anonymous*"), *client.scan_iter("*login*")]:
                        client.delete(*keys)

    thread = threading.Thread(target=forget, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)


def test_no_generated_request_meets_a_fault_a_wrong_answer_or_an_open_door(platform, note):
    command = [
        SCRIPTS / "st", "--config-file", CONFIG, "--no-color", "run",
        f"http://127.0.0.1:{platform.port}/api/schema/", "--url", f"http://127.0.0.1:{platform.port}",
        "--phases", "examples,coverage,fuzzing,stateful", "--mode", "all",
        "--max-examples", str(EXAMPLES), "--generation-database", "none", "--no-shrink",
        "--header", f"X-API-Key: {platform.places['wild']['unlimited_key']}", "--request-timeout", "15",
        "--continue-on-failure", "--workers", "2",
    ]  # fmt: skip
    with addresses_forgotten(platform.redis.url):
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False, cwd=platform.home,
            env=platform.environment,
        )  # fmt: skip

    assert done.returncode == 0, done.stdout[-60000:] + done.stderr[-2000:]
    tried = re.search(r"([\d,]+) generated", done.stdout)
    operations = re.search(r"Tested: (\d+)", done.stdout)
    assert tried, done.stdout
    assert operations, done.stdout
    note(
        "generated requests (schemathesis, all phases)", tries=int(tried[1].replace(",", "")),
        besides=f"{operations[1]} operations: no 5xx, no answer outside the schema, no open door",
    )  # fmt: skip
