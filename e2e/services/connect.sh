#!/usr/bin/env bash
# A Kafka Connect worker with Debezium's MySQL connector and an Avro converter on 127.0.0.1, to
# hold leat against. It starts without connectors: they are made over its REST API.
#
#   connect.sh fetch                                     put it into the cache; prints the folder
#   connect.sh start DIR PORT BROKERS REGISTRY [LINE...] start one with its offsets in DIR; REGISTRY is
#                                                        the registry's root, LINEs go into worker.properties
#   connect.sh stop|status DIR
#   connect.sh run DIR PORT BROKERS REGISTRY [LINE...]   as start, but in the foreground
#
# LEAT_CONNECT_JVM replaces the flags of the Java machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$SERVICES_HOME/java.sh"

ARTIFACT=debezium-connector-mysql
VERSION=3.6.1.Final
SHA256=1dfd80c86e204406c5d886836da1f022e4955bc3900c0491b892c22c8b901af2
PLUGINS="$SERVICES_CACHE/debezium-$VERSION"
JARS="$SERVICES_CACHE/kafka-4.3.1"
# What connect-standalone.sh takes by itself.
JVM=${LEAT_CONNECT_JVM:--Xms256m -Xmx2g -XX:+UseG1GC}

fetch() {
  "$SERVICES_HOME/kafka.sh" fetch >/dev/null
  [ -d "$PLUGINS" ] && return 0
  java_ready LEAT_E2E_CONNECT
  log "fetching Debezium into $PLUGINS"
  local work="$PLUGINS.new" archive="$PLUGINS.new/$ARTIFACT-$VERSION-plugin.tar.gz"
  rm -rf "$work"
  mkdir -p "$work"
  # 2.8 on purpose: 3.x wants the artifact's parent pom, which not every mirror carries.
  maven org.apache.maven.plugins:maven-dependency-plugin:2.8:copy \
    -Dartifact="io.debezium:$ARTIFACT:$VERSION:tar.gz:plugin" -DoutputDirectory="$work"
  sha256sum --quiet --strict -c - <<<"$SHA256  $archive" >&2 || die "$archive is not the release that $0 pins: see above"
  tar -xzf "$archive" -C "$work"
  rm "$archive"
  # The worker gives its plug-ins the classes of Connect's interface; they must not bring their own.
  maven -f "$SERVICES_HOME/maven/connect.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
    -DincludeScope=runtime -DexcludeArtifactIds=connect-api,connect-json,kafka-clients,slf4j-api,lz4-java,snappy-java,zstd-jni \
    -DoutputDirectory="$work/avro-converter"
  pinned "$SERVICES_HOME/maven/connect.sha256" "$work/avro-converter"
  rm -f "$work/$ARTIFACT"/{kafka-clients,connect-api,slf4j-api}-*.jar
  mv "$work" "$PLUGINS"
}

# converter WHAT REGISTRY: Confluent's wire format, with the ids that its API serves.
converter() {
  cat <<PROPERTIES
$1.converter=io.apicurio.registry.utils.converter.AvroConverter
$1.converter.apicurio.registry.url=$2/apis/registry/v2
$1.converter.apicurio.registry.auto-register=true
$1.converter.apicurio.registry.find-latest=false
$1.converter.apicurio.registry.as-confluent=true
$1.converter.apicurio.registry.use-id=contentId
$1.converter.apicurio.registry.headers.enabled=false
PROPERTIES
}

prepare() {
  local dir=$1 port=$2 brokers=${3:?brokers} registry=${4:?root of the registry}
  shift 4
  java_ready LEAT_E2E_CONNECT
  {
    cat <<PROPERTIES
bootstrap.servers=$brokers
listeners=HTTP://127.0.0.1:$port
plugin.path=$PLUGINS
plugin.discovery=hybrid_warn
offset.storage.file.filename=$dir/offsets.dat
PROPERTIES
    converter key "$registry"
    converter value "$registry"
    printf '%s\n' "$@"
  } >"$dir/worker.properties"
}

serve() {
  # shellcheck disable=SC2086
  exec java $JVM -Dlog4j2.configurationFile="$SERVICES_HOME/maven/log4j2.properties" -cp "$JARS/*" \
    org.apache.kafka.connect.cli.ConnectStandalone "$1/worker.properties"
}

service connect "$PLUGINS" "$@"
