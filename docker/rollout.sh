#!/usr/bin/env bash
# A rollout between two builds under load: three machines of one site run this build, one after the other gets that of COMMIT (by default the parent of the newest commit), and then this one again;
# all books are compared after each way. Needs what the network campaign needs: root on Linux, iproute2, iptables. COMMIT must have the network campaign too (SteppedNode wraps its command).
#   docker/rollout.sh [COMMIT] [ROUNDS]
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for program in ip iptables git mvn; do
  command -v $program >/dev/null || { echo "a rollout cannot be tried here: $program is not installed" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo "a rollout cannot be tried here: network namespaces need root" >&2; exit 1; }
commit=$(git -C "$home" rev-parse --verify "${1:-HEAD^}")
other=$(mktemp -d)/build
trap 'git -C "$home" worktree remove --force "$other" 2>/dev/null || true; rm -rf "$(dirname "$other")"' EXIT
git -C "$home" worktree add -q --detach "$other" "$commit"
echo "building $commit ..."
(cd "$other" && mvn -B -ntp -q -Dmaven.test.skip=true -Dspotless.check.skip=true -pl runtime/cli -am package)
cd "$home"
mvn -B -ntp verify -pl runtime/cli -am -Dtest=NetworkCampaignTest -Dsurefire.failIfNoSpecifiedTests=false -Pcampaign \
  -Dnetwork.faults=ROLLED_OUT -Dnetwork.rounds="${2:-2}" -Dnetwork.other="$other/runtime/cli/target/lib"
