#!/usr/bin/env bash
# The payment switch as a whole, beside the same terminals talking straight to a scheme: transactions a second, CPU of the switch process
# alone, latency that the switch adds, leaves and bytes for each transaction. Every program is a process of its own.
# Use: benchmarks/switch.sh [RATE] [DURATION]       FLUXRIG_JAVA_OPTS reaches the switch (for a profiler, say)
set -euo pipefail
cd "$(dirname "$0")/.."
rate=${1:-1000}
duration=${2:-20s}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; sleep 1; rm -rf "$work"' EXIT
options=$(printf '%s' "${FLUXRIG_JAVA_OPTS:-}")
export FLUXRIG_JAVA_OPTS=
./fluxrig simulate scheme --listen 127.0.0.1:9001 --name alpha >"$work/alpha.log" 2>&1 & pids+=($!)
./fluxrig simulate scheme --listen 127.0.0.1:9002 --name beta >"$work/beta.log" 2>&1 & pids+=($!)
FLUXRIG_JAVA_OPTS="$options" ./fluxrig run examples/payment-switch/scenario.yaml --dev --data "$work/data" >"$work/switch.log" 2>&1 & switch=$!
pids+=("$switch")
until grep -q 'runs;' "$work/switch.log"; do
  kill -0 "$switch" || { cat "$work/switch.log"; exit 1; }
  sleep 0.2
done
ticks() { awk '{print $14 + $15}' "/proc/$switch/stat"; }
figure() { curl -s http://127.0.0.1:8090/metrics | sed -n "s/^$1 //p" | head -n 1; }
terminals() { ./fluxrig simulate terminals --connect "$1" --terminals 32 --rate "$rate" --duration "$2" --json 2>/dev/null; }
terminals 127.0.0.1:8583 10s >/dev/null # warm
before=$(ticks); leaves=$(figure fluxrig_vault_leaves_total); bytes=$(figure fluxrig_vault_bytes_total)
through=$(terminals 127.0.0.1:8583 "$duration")
after=$(ticks); leaves2=$(figure fluxrig_vault_leaves_total); bytes2=$(figure fluxrig_vault_bytes_total)
straight=$(terminals 127.0.0.1:9001 "$duration")
python3 - "$through" "$straight" "$before" "$after" "$leaves" "$leaves2" "$bytes" "$bytes2" <<'P'
import json, sys
through, straight = json.loads(sys.argv[1]), json.loads(sys.argv[2])
before, after, leaves, leaves2, size, size2 = map(float, sys.argv[3:])
n = through["answered"]
print(f"switch:   {through['tps']:8.0f}/s  p50 {through['p50Ms']:7.2f} ms  p99 {through['p99Ms']:7.2f} ms  failed {through['failed']}  cross-wired {through['crossWired']}")
print(f"straight: {straight['tps']:8.0f}/s  p50 {straight['p50Ms']:7.2f} ms  p99 {straight['p99Ms']:7.2f} ms")
print(f"added:    p50 {through['p50Ms'] - straight['p50Ms']:.2f} ms, p99 {through['p99Ms'] - straight['p99Ms']:.2f} ms")
print(f"for each transaction: {(after - before) * 10 / n:.3f} ms of CPU in the switch, {(leaves2 - leaves) / n:.1f} leaves, {(size2 - size) / n:.0f} bytes of leaves")
P
