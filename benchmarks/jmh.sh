#!/usr/bin/env bash
# The micro-benchmarks, each beside its peers in one run. Use: benchmarks/jmh.sh [JMH OPTIONS]
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q -DskipTests -Dspotless.check.skip=true -pl benchmarks -am package
java=java
for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" /usr/lib/jvm/*/bin/java; do
  if [ -x "$candidate" ] && [ "$("$candidate" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p')" -ge 21 ]; then
    java=$candidate
  fi
done
exec "$java" -cp "benchmarks/target/fluxrig-benchmarks-0.1.0.jar:benchmarks/target/lib/*" org.openjdk.jmh.Main -jvmArgs "-Dfluxrig.home=$PWD" "$@"
