#!/bin/sh
# Says what is missing before a build fails for want of it.
missing=0
need() { # command, what for
  if ! command -v "$1" >/dev/null 2>&1; then
    echo "missing: $1 ($2)" >&2
    missing=1
  fi
}
need cargo "Rust 1.95 or newer: https://rustup.rs"
need cc "a C compiler, e.g. the Debian package gcc"
if command -v cargo >/dev/null 2>&1; then
  version=$(rustc --version 2>/dev/null | sed 's/^rustc \([0-9]*\)\.\([0-9]*\).*/\1 \2/')
  major=${version% *}; minor=${version#* }
  if [ "${major:-0}" -lt 1 ] || { [ "$major" -eq 1 ] && [ "${minor:-0}" -lt 95 ]; }; then
    echo "too old: $(rustc --version); Rust 1.95 or newer is needed: rustup update" >&2
    missing=1
  fi
fi
if ! command -v python3 >/dev/null 2>&1 || ! python3 -m pip --version >/dev/null 2>&1; then
  echo "note: no Python 3 with pip: the optional assets (PDF library, embedding model) can't be fetched" >&2
fi
exit $missing
