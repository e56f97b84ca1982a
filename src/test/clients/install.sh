#!/bin/sh
# Copies the programs of this directory to the directory given and installs the published client
# there, as the lock file pins it. Without npm the tests that need it are skipped; where CI=true they
# must not be.
set -eu

source=$(cd "$(dirname "$0")" && pwd)
target=$1
installed=$target/node_modules/.installed-lock.json

give_up() {
  rm -f "$installed"
  if [ "${CI:-}" = true ]; then
    echo "The published clients can't be tested: $1. CI=true demands it: install Node.js 18 or newer with npm, and make a registry reachable." >&2
    exit 1
  fi
  echo "The tests with the published clients will be skipped: $1." >&2
  exit 0
}

mkdir -p "$target"
cp "$source"/*.mjs "$source"/package.json "$source"/package-lock.json "$target"
cp -R "$source"/types-only "$target"

command -v node > /dev/null || give_up "there is no node"
command -v npm > /dev/null || give_up "there is no npm"
node --eval 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' ||
  give_up "node $(node --version) is older than 18"

if ! cmp -s "$source/package-lock.json" "$installed"; then
  (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
    give_up "npm ci failed, see above"
  cp "$source/package-lock.json" "$installed"
fi
