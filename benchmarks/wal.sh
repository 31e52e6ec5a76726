#!/usr/bin/env bash
# Durable signals a second beside the bare disk, PostgreSQL and Chronicle Queue, in one run on one disk.
# Use: benchmarks/wal.sh [SECONDS]            for each part; PostgreSQL is left out, and says so, where it is not installed
#      benchmarks/wal.sh soak SECONDS         memory over time
#      benchmarks/wal.sh audit LEAVES         verification beside bare SHA-256, proofs, questions, what the tree costs
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q -DskipTests -Dspotless.check.skip=true -pl benchmarks/wal -am package
. benchmarks/java.sh
work=$(mktemp -d)
chmod 755 "$work"
postgres=
stop() {
  [ -z "$postgres" ] || as_postgres "$postgres/pg_ctl" -D "$work/pg" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap stop EXIT
as_postgres() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/bash -c "$(printf '%q ' "$@")"; else "$@"; fi; }
opens=(--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED --add-exports=java.base/sun.nio.ch=ALL-UNNAMED
  --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.lang.reflect=ALL-UNNAMED
  --add-opens=java.base/java.io=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
  --add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED --add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED
  --add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED)
# shellcheck disable=SC2086
run() { "$java" -Xmx2g ${FLUXRIG_JAVA_OPTS:-} "${opens[@]}" -cp "benchmarks/wal/target/fluxrig-benchmarks-wal-0.1.0.jar:benchmarks/wal/target/lib/*" "io.fluxrig.benchmarks.wal.$main" "$@"; }
main=WalBenchmark
if [ "${1:-}" = audit ]; then
  main=AuditBenchmark
  run "$work/data" "${2:-10000000}"
  exit
fi
if [ "${1:-}" = soak ]; then
  run "$work/data" "${2:-600}" none soak
  exit
fi
url=none
for place in "$(dirname "$(command -v initdb || echo none)")" /usr/lib/postgresql/*/bin; do
  if [ -x "$place/initdb" ]; then postgres=$place; fi
done
if [ -n "$postgres" ]; then
  mkdir "$work/pg"
  [ "$(id -u)" != 0 ] || chown postgres "$work/pg"
  as_postgres "$postgres/initdb" -D "$work/pg" -A trust -U postgres >/dev/null
  as_postgres "$postgres/pg_ctl" -D "$work/pg" -w -l "$work/pg/log" -o "-p 54329 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/pg -c fsync=on" start >/dev/null
  as_postgres "$postgres/psql" -q -h 127.0.0.1 -p 54329 -U postgres <benchmarks/wal/schema.sql >/dev/null
  url=jdbc:postgresql://127.0.0.1:54329/postgres
else
  echo "PostgreSQL is not installed: left out" >&2
fi
run "$work/data" "${1:-10}" "$url"
