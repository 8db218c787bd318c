#!/usr/bin/env bash
# A real schema registry (Apicurio) on 127.0.0.1, which speaks Confluent's REST API at
# /apis/ccompat/v7. It keeps its schemas in memory: each start is an empty registry.
#
#   registry.sh fetch              put it into the cache; prints the folder
#   registry.sh start DIR PORT     start one with its pid file and log in DIR
#   registry.sh stop|status DIR
#   registry.sh run DIR PORT       as start, but in the foreground, for a caller that watches it
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$SERVICES_HOME/java.sh"

# The last release that runs on Java 17.
ARTIFACT=apicurio-registry-app
VERSION=3.0.9
SHA256=2b28181501a20cbf6efcd77f9b7153908fc01f3d3a7c32024c0bd9e1b04c8a43
HOME_DIR="$SERVICES_CACHE/apicurio-$VERSION"

fetch() {
  [ -d "$HOME_DIR" ] && return 0
  java_ready LEAT_E2E_REGISTRY
  log "fetching Apicurio Registry into $HOME_DIR"
  local work="$HOME_DIR.new" archive="$HOME_DIR.new/$ARTIFACT-$VERSION-all.tar.gz"
  rm -rf "$work"
  mkdir -p "$work"
  # 2.8 on purpose: 3.x wants the artifact's parent pom, which not every mirror carries.
  maven org.apache.maven.plugins:maven-dependency-plugin:2.8:copy \
    -Dartifact="io.apicurio:$ARTIFACT:$VERSION:tar.gz:all" -DoutputDirectory="$work"
  sha256sum --quiet --strict -c - <<<"$SHA256  $archive" >&2 || die "$archive is not the release that $0 pins: see above"
  tar -xzf "$archive" -C "$work"
  rm "$archive"
  mv "$work" "$HOME_DIR"
}

prepare() { java_ready LEAT_E2E_REGISTRY; }

serve() {
  exec java -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
    -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port="$2" -Dquarkus.analytics.disabled=true \
    -Dapicurio.rest.deletion.artifact.enabled=true -Dapicurio.rest.deletion.artifact-version.enabled=true \
    -jar "$HOME_DIR/$ARTIFACT-$VERSION-runner.jar"
}

service registry "$HOME_DIR" "$@"
