# To be read by the scripts beside it: sets java to a virtual machine of version 21 or later, where one is found.
java=java
for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" /usr/lib/jvm/*/bin/java; do
  if [ -x "$candidate" ] && [ "$("$candidate" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p')" -ge 21 ]; then
    java=$candidate
  fi
done
