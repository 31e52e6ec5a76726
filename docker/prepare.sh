#!/bin/sh
# Makes what a site of three nodes needs, once: an authority and certificates, pinned keys, the database's password, a signed scenario, and the specs on every node's disk.
# Paths and the command can be given for a try outside of containers: SITE DATA_A DATA_B DATA_C EXAMPLE FLUXRIG.
set -eu
site=${SITE:-/site}
example=${EXAMPLE:-/opt/fluxrig/examples/payment-switch}
hosts=${HOSTS:-node-a,node-b,node-c}
# Each command runs for a moment: nothing is worth being compiled to the end.
run=${FLUXRIG:-"/opt/runtime/bin/java -XX:TieredStopAtLevel=1 @/opt/fluxrig/java.args"}

if [ -f "$site/payment-switch.scenario" ]; then
  echo "the site is prepared already"
  exit 0
fi
mkdir -p "$site/trust/root" "$site/trust/scenario" "$site/work/specs"
$run certs init --ca "$site/ca" --site local
$run certs issue nodes --ca "$site/ca" --host "$hosts" --role mixer,rack --out "$site/tls"
$run keys generate --out "$site/work/release.pem"
cp "$site/work/release.pub.pem" "$site/trust/scenario/release.pem"

cp "$example/specs/payments.yaml" "$site/work/specs/"
sed -e 's/^  - name: rack-a$/  - name: rack-a\n  - name: rack-b\n  - name: rack-c/' \
    -e 's/127.0.0.1:8583/0.0.0.0:8583/' -e "s/127.0.0.1:9001/${ALPHA:-alpha:9001}/" -e "s/127.0.0.1:9002/${BETA:-beta:9002}/" \
    "$example/scenario.yaml" > "$site/work/scenario.yaml"

for data in "${DATA_A:-/data-a}" "${DATA_B:-/data-b}" "${DATA_C:-/data-c}"; do
  $run spec import "$site/work/specs/payments.yaml" --data "$data"
done
$run scenario sign "$site/work/scenario.yaml" --key "$site/work/release.pem" --out "$site/work/signed" --data "${DATA_A:-/data-a}"
# Passports are signed where the Mixer is, and that may be any node: the keys for it lie beside the certificate.
first=${DATA_A:-/data-a}
cp "$first/trust/root/root.pub.pem" "$site/trust/root/site.pem"
$run keys generate --out "$first/keys/mixer.pem"
cp -p "$first/keys/root.pem" "$first/keys/mixer.pem" "$site/tls/"
# Each Rack is enrolled by a ticket of its own, which is good once.
mkdir -p "$site/tickets"
for rack in rack-a rack-b rack-c; do
  $run racks token "$rack" --data "$first" --out "$site/tickets/$rack"
done
# The database's first start and the nodes read it, and nobody else.
mkdir -p "$site/database"
od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > "$site/database/password"
chmod 600 "$site/database/password"

if [ "$(id -u)" = 0 ]; then
  chown -R 10001:10001 "${DATA_A:-/data-a}" "${DATA_B:-/data-b}" "${DATA_C:-/data-c}" "$site/tls" "$site/trust" "$site/database" "$site/tickets"
fi
# Last: its presence says that all the rest is there. It is read by the nodes' own user.
cp "$site/work/signed" "$site/payment-switch.scenario.new"
chmod 644 "$site/payment-switch.scenario.new"
mv "$site/payment-switch.scenario.new" "$site/payment-switch.scenario"
