#!/usr/bin/env bash
# The micro-benchmarks, each beside its peers in one run. Use: benchmarks/jmh.sh [JMH OPTIONS]
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q -DskipTests -Dspotless.check.skip=true -pl benchmarks -am package
. benchmarks/java.sh
exec "$java" -cp "benchmarks/target/fluxrig-benchmarks-0.1.0.jar:benchmarks/target/lib/*" org.openjdk.jmh.Main -jvmArgs "-Dfluxrig.home=$PWD" "$@"
