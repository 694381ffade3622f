"""Where things are in the project."""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
STATE = PROJECT / ".nadmor"
DOTENV = PROJECT / ".env"
# Not resolved: in a virtual environment the interpreter is a link, and its neighbours are what we want.
SCRIPTS = Path(sys.executable).parent
