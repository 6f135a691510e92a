#!/bin/sh
# Run a command of Wandelgang; before those that serve, bring the tables up to date. Several
# containers may do so at once: a lock in the database lets one work and the others wait.
set -eu
case "${1:-}" in
    web | worker) python -m server.cli.main migrate ;;
esac
exec python -m server.cli.main "$@"
