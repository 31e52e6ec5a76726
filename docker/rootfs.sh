#!/bin/sh
# Lays out everything that the image holds, and nothing else: the runtime, the program, the few libraries of the system that the runtime is linked with, one user.
# docker/rootfs.sh ROOT JAVA LIB EXAMPLES
set -eu
root=$1 java=$2 lib=$3 examples=$4

mkdir -p "$root/opt/fluxrig/native" "$root/etc" "$root/data" "$root/tmp"
cp -a "$java" "$root/opt/java"
cp -a "$lib" "$root/opt/fluxrig/lib"
cp -a "$examples" "$root/opt/fluxrig/examples"
find "$root/opt/fluxrig/examples" \( -name target -o -name src -o -name pom.xml \) -prune -exec rm -rf {} +

# SQLite brings its native half for every system. The one of this machine is laid beside the jar: a container's /tmp may not be executed from.
jar=$(ls "$root"/opt/fluxrig/lib/sqlite-jdbc-*.jar)
work=$(mktemp -d)
(cd "$work" && "$JAVA_HOME/bin/jar" xf "$jar")
case $(uname -m) in aarch64) arch=aarch64 ;; *) arch=x86_64 ;; esac
cp "$work/org/sqlite/native/Linux/$arch/libsqlitejdbc.so" "$root/opt/fluxrig/native/"
rm -rf "$work/org/sqlite/native" "$jar"
(cd "$work" && "$JAVA_HOME/bin/jar" cfM "$jar" .)
rm -rf "$work"

# Names of functions inside the virtual machine serve a debugger only.
if command -v strip >/dev/null; then
  find "$root/opt/java/lib" -name '*.so' -exec strip --strip-unneeded {} +
fi

# What the runtime is linked with, at the place where it is looked for.
for binary in "$root/opt/java/bin/java" "$root"/opt/java/lib/*.so "$root"/opt/java/lib/server/*.so "$root"/opt/fluxrig/native/*.so; do
  ldd "$binary" 2>/dev/null | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p'
done | sort -u | while read -r library; do
  case $library in
    "$root"*) ;;
    *) mkdir -p "$root$(dirname "$library")" && cp -L "$library" "$root$library" ;;
  esac
done

echo 'fluxrig:x:10001:10001::/data:/sbin/nologin' >"$root/etc/passwd"
echo 'fluxrig:x:10001:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
chown 10001:10001 "$root/data"
chmod 1777 "$root/tmp"

# Card data lives in memory: neither heap nor core dumps. Names are looked up again after 5 s.
cat >"$root/opt/fluxrig/java.args" <<ARGS
-XX:+UseParallelGC
-Xshare:auto
-Xlog:cds=off
-XX:MaxRAMPercentage=60
-XX:+ExitOnOutOfMemoryError
-XX:-HeapDumpOnOutOfMemoryError
-XX:-CreateCoredumpOnCrash
-Dsun.net.inetaddr.ttl=5
-Djdk.serialFilter=!*
-Dorg.sqlite.lib.path=/opt/fluxrig/native
-Dfluxrig.home=/opt/fluxrig
-jar
$(cd "$root" && ls -d opt/fluxrig/lib/fluxrig-cli-*.jar | sed 's,^,/,')
ARGS
