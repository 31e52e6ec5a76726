#!/usr/bin/env bash
# What the absence of the Mixer costs the traffic of a Rack: three nodes, of which one has the Mixer and another the payment switch; the first is killed and started again, in turns, under the same load.
# Use: benchmarks/mixer-absent.sh [ROUNDS] [RATE] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5} rate=${2:-200} seconds=${3:-15}
./fluxrig --version >/dev/null # builds once
work=$(mktemp -d)
pids=()
trap 'kill -9 "${pids[@]}" 2>/dev/null || true; sleep 1; rm -rf "$work"' EXIT
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
a=$(free) b=$(free) c=$(free) door=$(free) alpha=$(free) beta=$(free)

./fluxrig certs init --ca "$work/ca" --site local >/dev/null
./fluxrig keys generate --out "$work/release.pem" >/dev/null
for n in a b c; do mkdir -p "$work/$n/trust/scenario" "$work/$n/trust/root"; cp "$work/release.pub.pem" "$work/$n/trust/scenario/"; done
mkdir "$work/s"
cp -r examples/payment-switch/specs "$work/s/"
sed -e 's/^  - name: rack-a$/  - name: rack-a\n  - name: rack-b\n  - name: rack-c/' -e "s/8583/$door/; s/9001/$alpha/; s/9002/$beta/" \
    -e 's/^    type: \(.*\)$/    type: \1\n    deploy: rack-b/' examples/payment-switch/scenario.yaml >"$work/s/scenario.yaml"
./fluxrig scenario sign "$work/s/scenario.yaml" --key "$work/release.pem" --out "$work/switch.scenario" --data "$work/a" >/dev/null
for n in b c; do
  ./fluxrig spec import "$work/s/specs/payments.yaml" --data "$work/$n" >/dev/null
  cp "$work/a/trust/root/root.pub.pem" "$work/$n/trust/root/site.pem"
  ./fluxrig racks token "rack-$n" --data "$work/a" --out "$work/$n.ticket" >/dev/null
done
for n in a b c; do ./fluxrig certs issue "node-$n" --ca "$work/ca" --host 127.0.0.1 --role "$([ $n = a ] && echo mixer,rack || echo rack)" --out "$work/tls-$n" >/dev/null; done

node() { # a or b, its port, its management port
  env FLUXRIG_PROFILE=cluster FLUXRIG_CLUSTER_HOST=127.0.0.1 FLUXRIG_CLUSTER_PORT="$2" FLUXRIG_SEED_NODES="127.0.0.1:$a,127.0.0.1:$b" FLUXRIG_TLS="$work/tls-$1" \
    FLUXRIG_ENROL_TOKEN_FILE="$work/$1.ticket" \
    ./fluxrig run "$work/switch.scenario" --name "rack-$1" --data "$work/$1" --management-port "$3" >>"$work/$1.log" 2>&1 &
  pids+=($!)
  last=$!
}
await() { for ((i = 0; i < 600; i++)); do if "$@" >/dev/null 2>&1; then return; fi; sleep 0.2; done; echo "it does not come to that: $*" >&2; tail -n 5 "$work"/*.log >&2; exit 1; }
mixer_speaks() { curl -fsS "http://127.0.0.1:$mb/api/v1/status" | grep -q 'rack-c.*"away":\[\]'; }
ma=$(free) mb=$(free) mc=$(free)
./fluxrig simulate scheme --listen "127.0.0.1:$alpha" --name alpha >"$work/alpha.log" 2>&1 & pids+=($!)
./fluxrig simulate scheme --listen "127.0.0.1:$beta" --name beta >"$work/beta.log" 2>&1 & pids+=($!)
node a "$a" "$ma"; mixer=$last
node b "$b" "$mb"
node c "$c" "$mc"
await mixer_speaks
load() { ./fluxrig simulate terminals --connect "127.0.0.1:$door" --rate "$rate" --duration "$1s" --seed "$RANDOM" --json 2>/dev/null; }
load 40 >/dev/null # compilers
for ((round = 0; round < rounds; round++)); do
  load "$seconds" >>"$work/with"
  kill -9 "$mixer"; wait "$mixer" 2>/dev/null || true
  load "$seconds" >>"$work/without"
  node a "$a" "$ma"; mixer=$last
  await mixer_speaks
done
python3 - "$work" <<'P'
import json, statistics, sys
def read(name): return [json.loads(line) for line in open(sys.argv[1] + "/" + name)]
there, away = read("with"), read("without")
for name, runs in (("the Mixer there", there), ("the Mixer away", away)):
    print(f"{name:16} sent {sum(r['sent'] for r in runs):7,}  failed {sum(r['failed'] for r in runs)}  91 {sum(r['timeouts'] for r in runs)}"
          f"  p50 {statistics.median(r['p50Ms'] for r in runs):.2f} ms  p99 {statistics.median(r['p99Ms'] for r in runs):.2f} ms"
          f"  (p99 of the rounds {min(r['p99Ms'] for r in runs):.1f} to {max(r['p99Ms'] for r in runs):.1f})")
print(f"away / there: p50 {statistics.median(r['p50Ms'] for r in away) / statistics.median(r['p50Ms'] for r in there):.2f}, p99 {statistics.median(r['p99Ms'] for r in away) / statistics.median(r['p99Ms'] for r in there):.2f}")
P
