# shellcheck shell=bash
# Packages of a Debian suite, unpacked into a folder of the cache: nothing is installed,
# nobody needs to be root, and the machine's own apt state is only read.
# Sourced, never run. Needs lib.sh.
#
# Signatures are verified against debian-archive.asc, the archive's automatic signing keys of
# bookworm and trixie, which sign sid too. They are pinned here as Ubuntu ships none or old ones;
# LEAT_DEBIAN_KEYRING names another keyring once Debian has moved to newer keys.

# debian_tools ENV: the tools are there, or an error that names the variable to use instead.
debian_tools() {
  local tool
  for tool in apt-get dpkg flock; do
    need "$tool" "$1" "the server is taken from Debian's packages, so fetching it needs Debian or Ubuntu"
  done
}

# debian_mirror: LEAT_DEBIAN_MIRROR, else the mirror this machine's apt uses, else Debian's own.
debian_mirror() {
  local uri=${LEAT_DEBIAN_MIRROR:-}
  [ -n "$uri" ] || uri=$(
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' 'Created-By: Packages' 2>/dev/null |
      awk '$2 == "Debian" && $3 == "Debian" && !found++ { print $1 }'
  )
  [ -n "$uri" ] || uri=$(
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
      grep -oE '[a-z+]+://[^] ]+/debian/?([[:space:]]|$)' | awk '!found++ { print $1 }'
  ) || true
  uri=${uri:-http://deb.debian.org/debian}
  printf '%s\n' "${uri%/}"
}

# apt_private STATE SOURCES ARGS...: apt-get over a state folder and sources of our own. The dpkg
# status is empty, so that the suite's own libc belongs to the closure of what is fetched.
apt_private() {
  local state=$1 sources=$2
  shift 2
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  : >"$state/status"
  DEBIAN_FRONTEND=noninteractive apt-get -q \
    -o Dir::Etc::sourcelist="$sources" -o Dir::Etc::sourceparts=- \
    -o Dir::State="$state" -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" \
    -o Dir::Cache="$state/cache" -o Dir::Log="$state" -o Debug::NoLocking=1 \
    -o APT::Install-Recommends=0 -o APT::Sandbox::User=root -o APT::Update::Post-Invoke-Success::= \
    -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# debian_keyring: the absolute path of the keyring to verify with.
debian_keyring() {
  local keyring=${LEAT_DEBIAN_KEYRING:-$SERVICES_HOME/debian-archive.asc}
  [ -r "$keyring" ] || die "keyring $keyring cannot be read: set LEAT_DEBIAN_KEYRING to a file with Debian's archive keys"
  readlink -f "$keyring"
}

# debian_unpack SUITE ROOT PACKAGE...: the packages and all they depend on, unpacked into ROOT.
debian_unpack() {
  local suite=$1 root=$2 state keyring deb
  shift 2
  state="$root.apt"
  rm -rf "$state" "$root.new"
  mkdir -p "$state" "$root.new"
  keyring=$(debian_keyring)
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$(debian_mirror)" "$suite" >"$state/sources.list"
  {
    apt_private "$state" "$state/sources.list" update &&
      apt_private "$state" "$state/sources.list" install --download-only -y "$@"
  } >"$state/apt.log" 2>&1 || {
    tail -n 20 "$state/apt.log" >&2
    die "fetch $* of Debian $suite: see above; LEAT_DEBIAN_MIRROR names another mirror, LEAT_DEBIAN_KEYRING another keyring"
  }
  for deb in "$state"/cache/archives/*.deb; do
    # Perl serves only the packages' helper scripts, which are not used here.
    case "${deb##*/}" in perl* | libperl* | libgdbm* | libdb5*) continue ;; esac
    dpkg -x "$deb" "$root.new"
  done
  rm -rf "$state" "$root"
  mv "$root.new" "$root"
}

# debian_wrap ROOT BINARY: ROOT/bin/NAME, which runs the binary by the root's own loader and
# libraries. --library-path and not LD_LIBRARY_PATH: children must not inherit the suite's libc.
debian_wrap() {
  local root=$1 binary=$2 loader libs
  loader=$(cd "$root" && find usr/lib* lib* -name 'ld-linux*.so.*' 2>/dev/null | head -n 1) || true
  [ -n "$loader" ] || die "$root holds no dynamic loader: remove the folder and fetch again"
  libs=$(cd "$root" && find usr/lib/mysql/private usr/lib/*-linux-gnu* lib/*-linux-gnu* -maxdepth 0 2>/dev/null) || true
  mkdir -p "$root/bin"
  cat >"$root/bin/${binary##*/}" <<WRAPPER
#!/bin/sh
root=\$(cd "\$(dirname "\$0")/.." && pwd)
libs=
for lib in ${libs//$'\n'/ }; do libs="\$libs\${libs:+:}\$root/\$lib"; done
# Without these the suite's libssl would read the machine's configuration and modules.
OPENSSL_MODULES=\$(echo "\$root"/usr/lib/*/ossl-modules) OPENSSL_CONF=/dev/null
export OPENSSL_MODULES OPENSSL_CONF
exec "\$root/$loader" --library-path "\$libs" --argv0 "${binary##*/}" "\$root/$binary" "\$@"
WRAPPER
  chmod +x "$root/bin/${binary##*/}"
}
