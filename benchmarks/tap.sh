#!/usr/bin/env bash
# What telemetry costs the payment switch: one switch with the tap off and one whose collector is dead (every span wanted, nothing takes them), side by side, loaded in turn by the
# same terminals with the same schemes behind both. Medians over the rounds; a third switch, with the tap off as well, tells how far two equal ones differ here.
# Each is warmed first, so that what is compared is not the compiler: of the code that only the third runs there is more.
# Use: benchmarks/tap.sh [RATE] [DURATION] [ROUNDS] [WARM]
set -euo pipefail
cd "$(dirname "$0")/.."
rate=${1:-300}
duration=${2:-8s}
rounds=${3:-5}
warm=${4:-60s}
./fluxrig --version >/dev/null # builds once, not in each of the programs below
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; sleep 1; rm -rf "$work"' EXIT
./fluxrig simulate scheme --listen 127.0.0.1:9001 --name alpha >"$work/alpha.log" 2>&1 & pids+=($!)
./fluxrig simulate scheme --listen 127.0.0.1:9002 --name beta >"$work/beta.log" 2>&1 & pids+=($!)
declare -A switch
start() { # name, port of the switch, management port, options
  mkdir -p "$work/$1"
  cp -r examples/payment-switch/. "$work/$1/"
  sed -i "s/127.0.0.1:8583/127.0.0.1:$2/" "$work/$1/scenario.yaml"
  FLUXRIG_JAVA_OPTS="$4" ./fluxrig run "$work/$1/scenario.yaml" --dev --data "$work/$1/data" --management-port "$3" >"$work/$1.log" 2>&1 & switch[$1]=$!
  pids+=("$!")
  until grep -qs 'runs;' "$work/$1.log"; do kill -0 "${switch[$1]}" || { cat "$work/$1.log"; exit 1; }; sleep 0.2; done
}
start off 8601 8101 "-Dfluxrig.telemetry.tap=off"
start off2 8602 8102 "-Dfluxrig.telemetry.tap=off"
start dead 8603 8103 "-Dfluxrig.telemetry.otlp=http://127.0.0.1:9 -Dfluxrig.telemetry.sample=1"
ticks() { awk '{print $14 + $15}' "/proc/${switch[$1]}/stat"; }
load() { ./fluxrig simulate terminals --connect "127.0.0.1:$1" --terminals 16 --rate "$rate" --duration "$2" --json 2>/dev/null; }
for port in 8601 8602 8603; do load "$port" "$warm" >/dev/null; done
for ((round = 0; round < rounds; round++)); do
  order=(off 8601 dead 8603 off2 8602)
  if ((round % 2)); then order=(off2 8602 dead 8603 off 8601); fi
  for ((i = 0; i < 6; i += 2)); do
    name=${order[i]}
    before=$(ticks "$name")
    result=$(load "${order[i + 1]}" "$duration")
    echo "{\"name\":\"$name\",\"ticks\":$(($(ticks "$name") - before)),\"result\":$result}" >>"$work/rounds.jsonl"
  done
done
dropped=$(curl -s http://127.0.0.1:8103/metrics | grep -E '^fluxrig_(tap_dropped|export_dropped)_total' | tr '\n' ' ')
python3 - "$work/rounds.jsonl" "$dropped" <<'P'
import json, statistics, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
def median(name, of): return statistics.median(of(r) for r in rows if r["name"] == name)
base = {}
for name in ("off", "off2", "dead"):
    p50 = median(name, lambda r: r["result"]["p50Ms"]); p99 = median(name, lambda r: r["result"]["p99Ms"])
    cpu = median(name, lambda r: r["ticks"] * 10 / r["result"]["answered"])
    base[name] = (p50, p99, cpu)
    spread = sorted(r["result"]["p99Ms"] for r in rows if r["name"] == name)
    print(f"{name:5} p50 {p50:6.2f} ms  p99 {p99:7.2f} ms  (rounds {', '.join(f'{x:.1f}' for x in spread)})  {cpu:.3f} ms of CPU for each transaction")
off = [(base["off"][i] + base["off2"][i]) / 2 for i in range(3)]
print(f"dead against off: p50 x {base['dead'][0] / off[0]:.2f}, p99 x {base['dead'][1] / off[1]:.2f}, CPU {base['dead'][2] - off[2]:+.3f} ms for each transaction; two equal ones: p99 x {base['off2'][1] / base['off'][1]:.2f}")
print("dropped and counted:", sys.argv[2])
P
