#!/usr/bin/env bash
# Renews the locks from pyproject.toml, with hashes, for every platform: of the program, of a machine of a
# cluster, of developers.
# Pass --upgrade to move all pins to their newest versions, --upgrade-package NAME to move one.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/pip" install --quiet uv

compile() {
    "$tools/bin/uv" --no-config pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-header --no-annotate "$@"
}
compile "$@" --output-file requirements.lock
compile "$@" --extra cluster --constraint requirements.lock --output-file requirements-cluster.lock
compile "$@" --extra dev --constraint requirements.lock --output-file requirements-dev.lock

if grep -nE '://|--index|--find-links|^/' requirements*.lock; then
    echo "lock.sh: the lines above name a place on a network or disk; a lock holds names, versions and hashes only" >&2
    exit 1
fi
