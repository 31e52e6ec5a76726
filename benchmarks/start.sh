#!/usr/bin/env bash
# How long a node takes to be ready: from nothing, and killed under load and started again in its place. Beside it the time that a JVM of the same class path takes to say its version:
# what no program on it can be faster than. Medians over the rounds.
# Use: benchmarks/start.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
./fluxrig --version >/dev/null # builds once
work=$(mktemp -d)
pids=()
trap 'kill -9 "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
./fluxrig simulate scheme --listen 127.0.0.1:9001 --name alpha >"$work/alpha.log" 2>&1 & pids+=($!)
./fluxrig simulate scheme --listen 127.0.0.1:9002 --name beta >"$work/beta.log" 2>&1 & pids+=($!)
now() { date +%s%3N; }
median() { sort -n | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }
node() { # data directory; sets $node and prints the milliseconds until it says that it runs
  local begun=$(now)
  : >"$work/log"
  ./fluxrig run examples/payment-switch/scenario.yaml --dev --data "$1" --management-port 8101 >"$work/log" 2>&1 &
  node=$!
  pids+=("$node")
  until grep -q 'runs;' "$work/log"; do kill -0 "$node" || { cat "$work/log"; exit 1; }; sleep 0.01; done
  took=$(($(now) - begun))
}
for ((i = 0; i < rounds; i++)); do
  begun=$(now); ./fluxrig --version >/dev/null; echo $(($(now) - begun)) >>"$work/version"
  node "$work/data-$i"; echo "$took" >>"$work/fresh"
  ./fluxrig simulate terminals --connect 127.0.0.1:8583 --rate 300 --duration 60s >/dev/null 2>&1 & load=$!
  pids+=("$load")
  sleep 10
  kill -9 "$node"; wait "$node" 2>/dev/null || true
  node "$work/data-$i"; echo "$took" >>"$work/again"
  kill "$load" "$node"; wait "$load" "$node" 2>/dev/null || true
done
echo "says its version        $(median <"$work/version") ms"
echo "ready from nothing      $(median <"$work/fresh") ms"
echo "killed and ready again  $(median <"$work/again") ms (10 s of 300 requests a second before, terminals going on)"
