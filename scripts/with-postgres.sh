#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own, which TEST_POSTGRES_URL names, and removes it afterwards.
# The tests' own databases: nothing is synced to disk, only this machine's user gets in.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: ${0##*/} COMMAND…" >&2; exit 2; }

find_programs() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
programs=$(find_programs)
if [ -z "$programs" ]; then
    "$(dirname "$0")/install-packages.sh" postgresql
  programs=$(find_programs)
fi

folder=$(mktemp -d)
# PostgreSQL refuses to run as root.
as_owner=()
if [ "$(id -u)" = 0 ]; then
  as_owner=(runuser -u postgres --)
  chown postgres "$folder"
fi
chmod 755 "$folder"

stop() {
  "${as_owner[@]}" "$programs/pg_ctl" --pgdata "$folder/data" --mode immediate --silent stop || true
  rm -rf "$folder"
}
trap stop EXIT

cd "$folder"
"${as_owner[@]}" "$programs/initdb" --pgdata "$folder/data" --auth trust --username homing --encoding UTF8 --locale C \
  --no-sync >"$folder/initdb.log" || { cat "$folder/initdb.log" >&2; exit 1; }
"${as_owner[@]}" "$programs/pg_ctl" --pgdata "$folder/data" --log "$folder/data/log" --silent --wait start --options \
  "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c max_connections=400" \
  || { cat "$folder/data/log" >&2; exit 1; }
cd "$OLDPWD"

TEST_POSTGRES_URL="postgres://homing@localhost/postgres?host=${folder//\//%2F}" "$@"
