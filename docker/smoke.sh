#!/usr/bin/env bash
# Builds the image, runs the site of three nodes from its compose file, kills, cuts off and restarts nodes under load, and checks the books.
# Needs docker, or podman with podman-compose; where a machine has neither and may install them, it does. Where that is impossible it says so and ends with 0, or with 1 under --require.
#   docker/smoke.sh [--require] [--keep]
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
project=fluxrig-smoke
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
made=() # images that stand in for those of a registry, for this run
require=0 keep=0
for option in "$@"; do
  case $option in
    --require) require=1 ;;
    --keep) keep=1 ;;
    *) echo "usage: docker/smoke.sh [--require] [--keep]" >&2; exit 2 ;;
  esac
done

say() { echo "$(date +%H:%M:%S) $*"; }
fail() { say "SMOKE TEST FAILED: $*" >&2; exit 1; }
cannot() {
  say "##################################################################" >&2
  say "THE IMAGE WAS NOT TRIED: $*" >&2
  say "##################################################################" >&2
  exit "$require"
}

# --- an engine, and what speaks compose -----------------------------------------------------------------------------------------
pick_engine() {
  if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    engine=docker compose="docker compose"
  elif command -v podman >/dev/null && command -v podman-compose >/dev/null && podman info >/dev/null 2>&1; then
    engine=podman compose=podman-compose
  else
    return 1
  fi
}
if ! pick_engine; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || cannot "no container engine is here, and this user may not install one"
  say "installing podman"
  { timeout 300 apt-get update -q && timeout 300 apt-get install -y -q --no-install-recommends podman podman-compose runc netavark aardvark-dns iptables nftables debootstrap; } >"$work/apt.log" 2>&1 \
    || cannot "no container engine is here, and none can be installed: $(tail -n 1 "$work/apt.log")"
  if [ ! -e /etc/containers/containers.conf ]; then
    printf '[containers]\ndefault_ulimits = ["nofile=20000:20000","nproc=32768:32768"]\n[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\n[network]\nnetwork_backend = "netavark"\n' >/etc/containers/containers.conf
  fi
  pick_engine || cannot "podman is installed and does not work here"
fi
say "engine: $($engine --version)"

# A small system with some packages, laid out in $work/base: from packages where no registry is in reach.
system_with() {
  command -v debootstrap >/dev/null || cannot "no registry is in reach, and there is no debootstrap"
  timeout 300 debootstrap --variant=minbase --include="$1" stable "$work/base" >"$work/debootstrap.log" 2>&1 || cannot "debootstrap: $(tail -n 1 "$work/debootstrap.log")"
}

# --- the image ------------------------------------------------------------------------------------------------------------------
builder=maven:3.9-eclipse-temurin-21
flags=() volumes=()
if ! $engine image inspect "$builder" >/dev/null 2>&1 && ! timeout 120 $engine pull -q "docker.io/library/$builder" >/dev/null 2>&1; then
  say "no registry is in reach: the image that is built in is made from this machine's JDK and Maven"
  jdk=${JAVA_HOME:-}
  [ -n "$jdk" ] && [ -x "$jdk/bin/jlink" ] || jdk=$(dirname "$(dirname "$(ls /usr/lib/jvm/*/bin/jlink 2>/dev/null | sort -V | tail -n 1)")")
  maven=$(dirname "$(dirname "$(readlink -f "$(command -v mvn)")")")
  system_with binutils
  mkdir -p "$work/base/opt/java" "$work/base/usr/share"
  cp -rL "$jdk" "$work/base/opt/java/openjdk"
  cp -rL "$maven" "$work/base/usr/share/maven"
  tar -C "$work/base" -c . | $engine import \
    -c 'ENV JAVA_HOME=/opt/java/openjdk' -c 'ENV PATH=/opt/java/openjdk/bin:/usr/share/maven/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$builder" >/dev/null
  made+=("$builder")
  rm -rf "$work/base"
fi
# An engine that is here and cannot run a container (no name spaces, no overlays, no bridge) is none.
$engine network create fluxrig-trial >/dev/null 2>"$work/trial.log" && $engine run --rm --network fluxrig-trial "$builder" true >>"$work/trial.log" 2>&1 \
  || { $engine network rm -f fluxrig-trial >/dev/null 2>&1; cannot "$engine runs no container here: $(tail -n 1 "$work/trial.log")"; }
$engine network rm -f fluxrig-trial >/dev/null
repository=${HOME}/.m2/repository
if [ "$engine" = podman ] && [ -d "$repository" ]; then
  # What this machine has is not fetched again.
  (cd "$home" && mvn -B -ntp -q -Dmaven.test.skip=true -Dspotless.check.skip=true -pl runtime/cli -am package >"$work/mvn.log" 2>&1) || fail "the build: $(tail -n 3 "$work/mvn.log")"
  volumes=(-v "$repository:/repository") flags=(--build-arg "MAVEN_FLAGS=-o -llr -Dmaven.repo.local=/repository")
fi
say "building"
format=()
[ "$engine" = podman ] && format=(--format docker)
for target in build image; do
  tag=fluxrig
  [ "$target" = build ] && tag=fluxrig-build
  $engine build -q "${format[@]}" "${flags[@]}" "${volumes[@]}" --target "$target" -t "$tag" -f "$home/docker/Dockerfile" "$home" >"$work/build.log" 2>&1 \
    || fail "the image cannot be built: $(tail -n 5 "$work/build.log")"
done
bytes=$($engine image inspect --format '{{.Size}}' fluxrig)
packed=$($engine save fluxrig | gzip -1 | wc -c)
say "image: $((bytes / 1000000)) MB on disk, $((packed / 1000000)) MB to transfer"

# The Mixer's memory is in PostgreSQL. Where its image is out of reach, one is made that is started and told its names in the same way.
database=postgres:17
if ! $engine image inspect "$database" >/dev/null 2>&1 && ! timeout 120 $engine pull -q "docker.io/library/$database" >/dev/null 2>&1; then
  say "the image of PostgreSQL is made from packages"
  system_with postgresql
  cat >"$work/base/start" <<'START'
#!/bin/sh
set -eu
data=/var/lib/postgresql/data programs=$(dirname /usr/lib/postgresql/*/bin/postgres)
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
mkdir -p "$data" && chown postgres:postgres "$data"
if [ ! -s "$data/PG_VERSION" ]; then
  install -o postgres -m 400 "$POSTGRES_PASSWORD_FILE" /tmp/password
  as_postgres "$programs/initdb" -D "$data" -U "$POSTGRES_USER" -E UTF8 --locale=C.UTF-8 -A scram-sha-256 --pwfile=/tmp/password
  rm /tmp/password
  echo "CREATE DATABASE $POSTGRES_DB" | as_postgres "$programs/postgres" --single -D "$data" postgres
  echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
fi
exec setpriv --reuid=postgres --regid=postgres --clear-groups "$programs/postgres" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp
START
  chmod 755 "$work/base/start"
  tar -C "$work/base" -c . | $engine import -c 'ENTRYPOINT ["/start"]' -c 'STOPSIGNAL SIGINT' - "$database" >/dev/null
  made+=("$database")
  rm -rf "$work/base"
fi
file=$home/docker/compose-cluster.yaml

# --- the site -------------------------------------------------------------------------------------------------------------------
up() { $compose -p $project -f "$file" "$@" >>"$work/compose.log" 2>&1; }
box() { $engine ps -aq --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1" | head -n 1; }
clean() {
  if [ "$keep" = 0 ]; then
    $engine rm -f smoke-tills-a smoke-tills-b smoke-tills-c >/dev/null 2>&1 || true
    up down -v || true
    [ ${#made[@]} = 0 ] || $engine rmi -f "${made[@]}" >/dev/null 2>&1 || true
  fi
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM
net() { $engine inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}' "$(box node-a)"; }
fluxrig_in() { local node=$1; shift; $engine exec "$(box "$node")" /opt/java/bin/java -Xmx128m -XX:TieredStopAtLevel=1 @/opt/fluxrig/java.args "$@"; }
prepared() { [ "$($engine inspect --format '{{.State.Status}} {{.State.ExitCode}}' "$(box prepare)")" = "exited 0" ]; }
ready() { fluxrig_in "$1" health --ready >/dev/null 2>&1; }
# A node that the others have parted with ends; who runs containers starts it again.
restarted() { $engine start "$(box "$1")" >/dev/null 2>&1 || true; ready "$1"; }
# The node that hosts the Mixer, as another sees it.
mixer_seen_by() { fluxrig_in "$1" status --json 2>/dev/null | sed -n 's/.*"mixerOn" *: *"[^"]*@\([^":]*\):.*/\1/p'; }
mixer_found() { mixer=$(mixer_seen_by node-a); [ -n "$mixer" ]; }
mixer_answers() { fluxrig_in "$1" racks list >/dev/null 2>&1; }
mixer_left() { local now; now=$(mixer_seen_by "$2"); [ -n "$now" ] && [ "$now" != "$1" ]; }
wait_for() {
  local seconds=$1 what=$2; shift 2
  local end=$((SECONDS + seconds))
  until "$@"; do
    [ $SECONDS -lt $end ] || fail "$what, after $seconds s"
    sleep 1
  done
}
# A line of what the terminals of a node have been told so far.
told() { $engine logs --tail 1 "$1" 2>&1 | tail -n 1; }
answered_at() { told "$1" | sed -n 's/.*answered \([0-9,]*\).*/\1/p' | tr -d ,; }
answered() { answered_at "smoke-tills-$1"; }
answers_come() { [ "$(answered_at "$(box "$1")" || echo 0)" -gt 0 ] 2>/dev/null; }
flows() { local before after; before=$(answered "$1"); sleep 3; after=$(answered "$1"); [ "${after:-0}" -gt "${before:-0}" ]; }

say "starting the site"
began=$SECONDS
up up -d --no-build prepare || true
wait_for 180 "the site is prepared" prepared
up up -d --no-build postgres alpha beta node-a node-b node-c terminals-a terminals-b || true
for terminals in terminals-a terminals-b; do
  wait_for 120 "the file's own $terminals are answered" answers_come "$terminals"
done
say "the terminals of the compose file are answered $((SECONDS - began)) s after its start"
# Those that follow keep books.
for terminals in terminals-a terminals-b; do $engine stop -t 10 "$(box "$terminals")" >/dev/null; done
for node in a b c; do
  wait_for 120 "node-$node is ready" ready "node-$node"
done
for node in a b c; do
  mkdir -p "$work/tills-$node" && chmod 777 "$work/tills-$node"
  $engine run -d --name "smoke-tills-$node" --network "$(net)" -v "$work/tills-$node:/tills" fluxrig \
    simulate terminals --connect "node-$node:8583" --rate 20 --terminals 4 --seed "$RANDOM" --ledger /tills/ledger.jsonl >/dev/null
done
for node in a b c; do wait_for 60 "transactions flow over node-$node" flows "$node"; done
say "transactions flow over three nodes"

say "kill -9 of node-b"
$engine kill -s KILL "$(box node-b)" >/dev/null
for node in a c; do wait_for 30 "transactions flow over node-$node while node-b is dead" flows "$node"; done
wait_for 120 "node-b is ready again" restarted node-b
wait_for 60 "transactions flow over node-b again" flows b

wait_for 60 "node-a sees where the Mixer is" mixer_found
say "kill -9 of $mixer, where the Mixer is"
$engine kill -s KILL "$(box "$mixer")" >/dev/null
for node in a b c; do
  [ "node-$node" = "$mixer" ] || wait_for 30 "transactions flow over node-$node while $mixer is dead" flows "$node"
done
for node in node-a node-b node-c; do
  [ "$node" = "$mixer" ] || wait_for 90 "$node sees the Mixer on another node" mixer_left "$mixer" "$node"
done
wait_for 120 "$mixer is ready again" restarted "$mixer"
wait_for 60 "transactions flow over $mixer again" flows "${mixer#node-}"
wait_for 60 "the Mixer answers" mixer_answers node-b

say "the database is stopped and started"
$engine stop -t 30 "$(box postgres)" >/dev/null
for node in a b c; do wait_for 30 "transactions flow over node-$node while the database is away" flows "$node"; done
$engine start "$(box postgres)" >/dev/null
wait_for 90 "the Mixer answers again" mixer_answers node-b

say "node-c is cut off from the others"
cut=$(net)
$engine network disconnect "$cut" "$(box node-c)"
for node in a b; do wait_for 30 "transactions flow over node-$node while node-c is cut off" flows "$node"; done
sleep 20
$engine network connect --alias node-c "$cut" "$(box node-c)"
wait_for 150 "node-c is ready again" restarted node-c
wait_for 60 "transactions flow over node-c again" flows c

say "node-a is stopped and started, as in an upgrade"
$engine stop -t 90 "$(box node-a)" >/dev/null
code=$($engine inspect --format '{{.State.ExitCode}}' "$(box node-a)")
[ "$code" = 0 ] || fail "node-a ended with $code: $($engine logs --tail 5 "$(box node-a)" 2>&1)"
for node in b c; do wait_for 30 "transactions flow over node-$node while node-a is away" flows "$node"; done
wait_for 120 "node-a is ready again" restarted node-a
wait_for 60 "transactions flow over node-a again" flows a

# --- the books ------------------------------------------------------------------------------------------------------------------
say "closing the books"
for node in a b c; do $engine stop -t 30 "smoke-tills-$node" >/dev/null; done
for node in a b c; do $engine stop -t 90 "$(box "node-$node")" >/dev/null; done
for node in a b c; do
  ledger=$work/tills-$node/ledger.jsonl
  lines=$(wc -l <"$ledger")
  # An answer may be that the scheme did not answer (91): what became of the request is in doubt then, but not whether its terminal was told.
  ok=$(grep -c '"rc":"[^"]' "$ledger" || true)
  why=$(grep '"rc":""' "$ledger" | grep -c '"why":"[^"]' || true)
  $engine run --rm -v "${project}_data-$node:/data" -v "${project}_site:/site:ro" fluxrig audit verify --data /data --trust /site/trust --json >"$work/verdict-$node.json" 2>"$work/verify.log" \
    || fail "the vault of node-$node is not intact: $(cat "$work/verdict-$node.json" "$work/verify.log")"
  grep -q '"intact" *: *true' "$work/verdict-$node.json" || fail "node-$node: $(cat "$work/verdict-$node.json")"
  grep -q '"openSignals" *: *0' "$work/verdict-$node.json" || fail "node-$node has signals without an end: $(cat "$work/verdict-$node.json")"
  say "node-$node: $lines sent = $ok answered + $why without an answer and with a reason; vault intact, every signal has its end"
  [ "$lines" -gt 200 ] && [ "$lines" = $((ok + why)) ] || fail "the books of node-$node do not balance"
done
say "SMOKE TEST PASSED"
