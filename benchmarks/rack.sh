#!/usr/bin/env bash
# The log of a movable Rack in PostgreSQL beside the same log on the local disk and beside bare inserts of groups of that size, in one run. Needs PostgreSQL's programs.
# Use: benchmarks/rack.sh [SECONDS] [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q -DskipTests -Dspotless.check.skip=true -pl benchmarks -am package
. benchmarks/java.sh
postgres=
for place in "$(dirname "$(command -v initdb || echo none)")" /usr/lib/postgresql/*/bin; do
  if [ -x "$place/initdb" ]; then postgres=$place; fi
done
[ -n "$postgres" ] || { echo "PostgreSQL is not installed: nothing to measure against" >&2; exit 1; }
work=$(mktemp -d)
chmod 755 "$work"
as_postgres() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/bash -c "$(printf '%q ' "$@")"; else "$@"; fi; }
stop() {
  as_postgres "$postgres/pg_ctl" -D "$work/pg" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap stop EXIT
mkdir "$work/pg"
[ "$(id -u)" != 0 ] || chown postgres "$work/pg"
as_postgres "$postgres/initdb" -D "$work/pg" -A trust -U postgres >/dev/null
as_postgres "$postgres/pg_ctl" -D "$work/pg" -w -l "$work/pg/log" -o "-p 54329 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/pg -c fsync=on" start >/dev/null
"$java" -Xmx1g -cp "benchmarks/target/fluxrig-benchmarks-0.1.0.jar:benchmarks/target/lib/*" io.fluxrig.benchmarks.rack.RackBenchmark \
  "$work/data" "jdbc:postgresql://127.0.0.1:54329/postgres?user=postgres" "${1:-8}" "${2:-3}"
