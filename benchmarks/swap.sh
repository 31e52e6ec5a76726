#!/usr/bin/env bash
# How much a change of scenario is felt: the longest time without an answer around each swap, beside the same under the same load without one.
# Use: benchmarks/swap.sh [SWAPS] [RATE]
set -euo pipefail
cd "$(dirname "$0")/.."
swaps=${1:-20}
rate=${2:-500}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; sleep 1; rm -rf "$work"' EXIT
api=http://127.0.0.1:18090
./fluxrig keys generate --out "$work/key.pem" >/dev/null
mkdir -p "$work/data/trust/scenario"; cp "$work/key.pub.pem" "$work/data/trust/scenario/"
sign() { # SERIAL: the example with two settings changed
  mkdir "$work/s$1"; cp -r examples/payment-switch/specs "$work/s$1/"
  sed "s/ timeout: 2s/ timeout: $((2000 + $1))ms/; s/sender-timeout: 5s/sender-timeout: $((5 + $1 % 2))s/" examples/payment-switch/scenario.yaml >"$work/s$1/scenario.yaml"
  ./fluxrig scenario sign "$work/s$1/scenario.yaml" --key "$work/key.pem" --serial "$1" --out "$work/$1.scenario" --data "$work/data" >/dev/null
}
sign 1
for n in $(seq 2 2 $((swaps + 1))); do # two at a time
  sign "$n" & one=$!
  sign "$((n + 1))" & wait "$one" $!
done
./fluxrig simulate scheme --listen 127.0.0.1:9001 --name alpha >"$work/alpha.log" 2>&1 & pids+=($!)
./fluxrig simulate scheme --listen 127.0.0.1:9002 --name beta >"$work/beta.log" 2>&1 & pids+=($!)
./fluxrig run "$work/1.scenario" --data "$work/data" --management-port 18090 >"$work/switch.log" 2>&1 & pids+=($!)
until grep -q 'runs;' "$work/switch.log"; do sleep 0.2; done
./fluxrig simulate terminals --terminals 32 --rate "$rate" --ledger "$work/ledger" --json >"$work/told" 2>/dev/null & terminals=$!
sleep 25
for n in $(seq 2 $((swaps + 1))); do
  curl -fsS -H 'X-Fluxrig: bench' --data-binary "@$work/$n.scenario" "$api/api/v1/scenarios" >"$work/push"
  id=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["identity"])' "$work/push")
  date +%s.%N >>"$work/at"
  curl -fsS -H 'X-Fluxrig: bench' -X POST "$api/api/v1/scenarios/$id/activate" >>"$work/done"
  sleep 0.5
done
kill "$terminals"; wait "$terminals" || true
python3 - "$work" <<'P'
import datetime, json, sys
work = sys.argv[1]
at = [float(line) for line in open(work + "/at")]
pauses = sorted(r["pauseMicros"] / 1000 for line in open(work + "/done") for r in json.loads(line)["racks"])
ends, waits = [], []
for line in open(work + "/ledger"):
    told = json.loads(line)
    seconds, fraction = told["time"].rstrip("Z").split(".")
    end = datetime.datetime.fromisoformat(seconds).replace(tzinfo=datetime.timezone.utc).timestamp() + float("0." + fraction)
    ends.append(end)
    if told.get("pan", "")[5:6] in ("0", ""):
        waits.append((end - told["ms"] / 1000, end, told["ms"]))
ends.sort()
warm = ends[0] + 10
gaps = [(a, (b - a) * 1000) for a, b in zip(ends, ends[1:])]
def part(p, values): return sorted(values)[min(len(values) - 1, int(len(values) * p))]
normal = [g for a, g in gaps if warm < a < at[0] - 0.2]
def longest(t): return max([g for a, g in gaps if a + g / 1000 > t - 0.05 and a < t + 0.3] or [0])
during = [longest(t) for t in at]
same = [longest(warm + 0.4 * i) for i in range(int((at[0] - 1 - warm) / 0.4))]
calm = [ms for a, b, ms in waits if a > warm and b < at[0]]
met = [max([ms for a, b, ms in waits if a < t + 0.1 and b > t] or [0]) for t in at]
told = json.load(open(work + "/told"))
print(f"without swaps: time between answers p50 {part(.5, normal):.1f} ms  p99.9 {part(.999, normal):.1f} ms  longest {max(normal):.1f} ms; answer within p50 {part(.5, calm):.1f}  p99 {part(.99, calm):.1f}  p99.9 {part(.999, calm):.1f} ms")
print(f"{len(at)} swaps: longest time between answers around each p50 {part(.5, during):.1f} ms  longest {max(during):.1f} ms; slowest answer met by each p50 {part(.5, met):.1f}  longest {max(met):.1f} ms")
print(f"the longest in windows of the same length without swaps: p50 {part(.5, same):.1f} ms  longest {max(same):.1f} ms")
print(f"the Rack was busy with each swap for p50 {part(.5, pauses):.2f} ms, longest {max(pauses):.2f} ms")
print(f"sent {told['sent']}  answered {told['answered']}  failed {told['failed']}  duplicates {told['duplicates']}  cross-wired {told['crossWired']}  connections {told.get('connects', 32)}")
P
