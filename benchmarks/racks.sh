#!/usr/bin/env bash
# What an idle Rack costs in memory, threads and processor time, beside a bare event-sourced actor. Use: benchmarks/racks.sh [RACKS]
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q -DskipTests -Dspotless.check.skip=true -pl benchmarks -am package
java=java
for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" /usr/lib/jvm/*/bin/java; do
  if [ -x "$candidate" ] && [ "$("$candidate" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p')" -ge 21 ]; then
    java=$candidate
  fi
done
for peer in "" actors; do
  "$java" -Xmx4g -XX:+UseSerialGC -cp "benchmarks/target/fluxrig-benchmarks-0.1.0.jar:benchmarks/target/lib/*" io.fluxrig.benchmarks.racks.IdleRacks "${1:-1000}" $peer 2>&1 | grep -E 'each of|Racks run|Exception|error' || exit 1
done
