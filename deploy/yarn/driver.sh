# Read by the shell that YARN puts around the driver (BASH_ENV). A SIGTERM is for the driver, which ends at a good place: the shell waits for it.
# shellcheck shell=bash
trap : TERM
