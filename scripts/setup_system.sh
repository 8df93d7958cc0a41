#!/usr/bin/env bash
# Sees to it that what pip cannot install is there: the libraries of WeasyPrint and the font of the packs.
# Installs what is missing by apt-get (as root or by sudo without a password), or says what to install.
# `setup_system.sh browser` sees to Chromium too, in which `make test-all` looks at the web page; nothing else needs it.
set -euo pipefail
wanted="${1:-}"
PATH="$PATH:/usr/sbin:/sbin"

# Inter: open, static files, tabular figures, and every sign the packs use in one family: no fallback glyphs.
font="Inter"
# Finnish and Swedish letters, typographic signs and the marks of charts; fontconfig wants them in hex.
signs="e4 e5 f6 2013 2212 2026 2019 201d 20ac 2264 2265 202f 25b2 25bc 25cf 2713 2192"

has_library() {
    # Not `ldconfig | grep -q`: grep would close the pipe early, which pipefail takes for a failure.
    [[ "$(ldconfig -p)" == *"$1.so."* ]]
}

has_font() {
    command -v fc-list >/dev/null || return 1
    local style
    for style in Regular Bold Italic; do
        [[ -n "$(fc-list ":family=$font:style=$style:variable=false:charset=$signs" family)" ]] || return 1
    done
}

missing_packages() {
    has_library libpango-1.0 || echo libpango-1.0-0
    has_library libpangoft2-1.0 || echo libpangoft2-1.0-0
    has_library libharfbuzz-subset || echo libharfbuzz-subset0
    command -v fc-list >/dev/null || echo fontconfig
    has_font || echo fonts-inter
    [[ "$wanted" != browser ]] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || echo chromium
}

as_root() {
    if [[ "$(id -u)" == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [[ "$(id -u)" == 0 ]] || sudo -n true 2>/dev/null
}

install() {
    local log
    log=$(mktemp)
    echo "Installing system packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    if ! { as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends "$@"; } \
        </dev/null >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        echo "setup: apt-get could not install: $*; its words are above" >&2
        exit 1
    fi
    rm -f "$log"
}

if ! command -v ldconfig >/dev/null; then
    echo "setup: cannot look for libraries here; WeasyPrint needs Pango, HarfBuzz-subset and the static font $font"
    exit 0
fi
mapfile -t missing < <(missing_packages)
[[ ${#missing[@]} == 0 ]] && exit 0
if ! may_install; then
    echo "setup: these system packages are missing: ${missing[*]}" >&2
    echo "  Install them, e.g.: sudo apt-get install ${missing[*]}" >&2
    exit 1
fi
install "${missing[@]}"
mapfile -t missing < <(missing_packages)
if [[ ${#missing[@]} != 0 ]]; then
    echo "setup: installed, but still not found: ${missing[*]}" >&2
    echo "  The packs need Pango >= 1.44, HarfBuzz-subset >= 4.1 and the static font family $font" >&2
    exit 1
fi
