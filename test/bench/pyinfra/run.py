"""pyinfra's own start needs the command that its installation makes; this does the same for a checkout."""
import pyinfra_cli  # first of all: it makes gevent patch the standard library

import pyinfra
from pyinfra_cli.main import cli

pyinfra.is_cli = True
cli()
