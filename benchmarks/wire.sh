#!/usr/bin/env bash
# Durable signals a second from one Rack to another, beside Pekko's reliable delivery without and with its durable queue, in one run. Use: benchmarks/wire.sh [SIGNALS] [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q -DskipTests -Dspotless.check.skip=true -pl benchmarks -am package
. benchmarks/java.sh
exec "$java" -Xmx1g -cp "benchmarks/target/fluxrig-benchmarks-0.1.0.jar:benchmarks/target/lib/*" io.fluxrig.benchmarks.wire.WireBenchmark "$@"
