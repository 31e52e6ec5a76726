#!/usr/bin/env bash
# What an idle Rack costs in memory, threads and processor time, beside a bare event-sourced actor. Use: benchmarks/racks.sh [RACKS]
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q -DskipTests -Dspotless.check.skip=true -pl benchmarks -am package
. benchmarks/java.sh
for peer in "" actors; do
  "$java" -Xmx4g -XX:+UseSerialGC -cp "benchmarks/target/fluxrig-benchmarks-0.1.0.jar:benchmarks/target/lib/*" io.fluxrig.benchmarks.racks.IdleRacks "${1:-1000}" $peer 2>&1 | grep -E 'each of|Racks run|Exception|error' || exit 1
done
