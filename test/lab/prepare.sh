# shellcheck shell=bash
# Sourced by the commands that need a lab (npm test, npm run demo, npm run bench): sets up what is missing on a fresh
# Debian with Node and npm. Leaves the caller in the project's folder with Node 24 first on PATH.
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." || exit 1
export PATH="$PWD/node_modules/.bin:$PATH"
: "${TMPDIR:=/tmp}"
export TMPDIR

# Says why hosts cannot be made here, and fails.
can_make_hosts() {
  if ! grep -qsxE 'ID=debian' /etc/os-release || ! command -v apt-get >/dev/null; then
    echo "this machine is not Debian: the hosts are made with its apt and mmdebstrap" >&2
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    echo "you are not root: hosts need namespaces, mounts and network interfaces" >&2
    return 1
  fi
}

npm_packages() {
  # `npm ci` empties the directory that a link leads to, under everybody else who uses it
  if [ -L node_modules ]; then :
  elif [ node_modules/.package-lock.json -nt package-lock.json ]; then :; else npm ci --no-audit --no-fund --loglevel=error; fi
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 22 ? 0 : 1)' || {
    echo "Node $(node --version) is too old, and the package 'node' brought no newer one: npm ci, without --ignore-scripts" >&2
    return 1
  }
}
