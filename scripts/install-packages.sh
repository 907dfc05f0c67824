#!/usr/bin/env bash
# Installs those of the named Debian packages that are missing; does nothing and asks nobody when none is.
# Used by the Makefile and by `cargo xtask`, so that there is one place that runs apt.
set -euo pipefail

missing=()
for package in "$@"; do
    # "installed" in full: a removed package that left its configuration is known to dpkg, too.
    if [[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]]; then
        missing+=("$package")
    fi
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

refuse() {
    echo "missing packages: ${missing[*]}" >&2
    echo "$1; install them by: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
}

command -v apt-get >/dev/null || refuse "this system has no apt-get (names are those of Debian 12)"
as_root=()
if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null || refuse "not root, and there is no sudo"
    as_root=(sudo)
fi

echo "installing Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
install=("${as_root[@]}" apt-get install --yes --quiet --no-remove --no-install-recommends "${missing[@]}")
# The package lists of a fresh machine are empty or old; fetched only when they are needed.
"${install[@]}" || { "${as_root[@]}" apt-get update --quiet && "${install[@]}"; } || refuse "apt-get failed"
