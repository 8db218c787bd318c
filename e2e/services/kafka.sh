#!/usr/bin/env bash
# A real Kafka broker (KRaft, one node) on 127.0.0.1, from the jars of its release.
#
#   kafka.sh fetch                      put the jars into the cache; prints the folder
#   kafka.sh start DIR PORT [LINE...]   start one with its data in DIR; LINEs go into server.properties
#   kafka.sh stop|status DIR
#   kafka.sh tool CLASS [ARG...]        such as org.apache.kafka.tools.TopicCommand --list ...
#   kafka.sh run DIR PORT [LINE...]     as start, but in the foreground, for a caller that watches it
#
# PORT+1 is the controller's. LEAT_KAFKA_JVM replaces the flags of the Java machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$SERVICES_HOME/java.sh"

JARS="$SERVICES_CACHE/kafka-4.3.1"
# A quick start matters more here than the last tenth of throughput.
JVM=${LEAT_KAFKA_JVM:--Xms256m -Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto}

fetch() {
  [ -d "$JARS" ] && return 0
  java_ready LEAT_E2E_KAFKA
  log "fetching Kafka into $JARS"
  rm -rf "$JARS.new"
  maven -f "$SERVICES_HOME/maven/kafka.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$JARS.new"
  pinned "$SERVICES_HOME/maven/kafka.sha256" "$JARS.new"
  mv "$JARS.new" "$JARS"
}

# configure DIR PORT [LINE...]: DIR/server.properties.
configure() {
  local dir=$1 port=$2
  shift 2
  cat >"$dir/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
advertised.listeners=PLAINTEXT://127.0.0.1:$port
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=$dir/data
num.partitions=1
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
message.max.bytes=10485760
replica.fetch.max.bytes=10485760
PROPERTIES
  printf '%s\n' "$@" >>"$dir/server.properties"
}

# kafka_java CLASS ARGS...: replaces this shell.
kafka_java() {
  # shellcheck disable=SC2086
  exec java $JVM -Dlog4j2.configurationFile="$SERVICES_HOME/maven/log4j2.properties" -cp "$JARS/*" "$@"
}

# template: an empty formatted log folder, to be copied: formatting costs a Java start of its own.
template() {
  [ -e "$TEMPLATE" ] && return 0
  local work="$TEMPLATE.work"
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  rm -rf "$work"
  mkdir -p "$work"
  configure "$work" 1
  (kafka_java kafka.tools.StorageTool format -t bGVhdC1lMmUta2Fma2EtMQ -c "$work/server.properties") \
    >"$work/format.log" 2>&1 || {
    cat "$work/format.log" >&2
    die "format Kafka's log folder $work: see above"
  }
  mv "$work/data" "$TEMPLATE"
}

prepare() {
  java_ready LEAT_E2E_KAFKA
  TEMPLATE="$SERVICES_CACHE/kafka-data-$(sha256sum "$0" | cut -c1-12)"
  once kafka-template template
  copy_template "$TEMPLATE" "$1/data"
  configure "$@"
}

serve() { kafka_java kafka.Kafka "$1/server.properties"; }

[ "${1:-}" != tool ] || {
  once kafka fetch
  JVM="$JVM -Dleat.log.level=WARN"
  kafka_java "${@:2}"
}
service kafka "$JARS" "$@"
