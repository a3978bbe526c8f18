#!/bin/sh
# Install complexity-guard; --help says how. The copy that belongs to a release knows its repository; any other must be told.
set -eu
{ # a shell that reads this from the network runs none of it before it has read all of it

home_page=
releases=${COMPLEXITY_GUARD_RELEASES:-${home_page:+$home_page/releases}}
version=latest
to=${COMPLEXITY_GUARD_BIN:-${HOME:-}/.local/bin}

fail() { echo "install.sh: $*" >&2; exit 1; }
usage() {
  cat <<'TEXT'
Install complexity-guard: download the release for this machine, verify its checksum, put the one file in place.

  install.sh [--version 1.2.3] [--to DIR] [--repository OWNER/NAME]
  curl --proto '=https' --tlsv1.2 -fsSL ADDRESS/install.sh | sh -s -- [the same options]

Without root: the default place is ~/.local/bin. COMPLEXITY_GUARD_RELEASES names another place of releases (a mirror).
TEXT
}

while [ $# -gt 0 ]; do
  case $1 in
    --version) [ $# -gt 1 ] || fail "--version needs a number"; version=${2#v}; shift 2 ;;
    --repository) [ $# -gt 1 ] || fail "--repository needs OWNER/NAME"; releases=https://github.com/$2/releases; shift 2 ;;
    --to) [ $# -gt 1 ] || fail "--to needs a folder"; to=$2; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) fail "unknown option $1" ;;
  esac
done
[ -n "$releases" ] || fail "this copy belongs to no release: say --repository OWNER/NAME, from which to install"
[ "$to" != /.local/bin ] || fail "there is no HOME: say --to DIR"
[ ! -d "$to/complexity-guard" ] || fail "$to/complexity-guard is a folder: the program cannot take its place"
# Nothing comes over plain http, by a redirect neither, but from this machine itself (a mirror on a port of its own).
case $releases in
  https://*) protocols='=https' ;;
  http://*@*) fail "releases must come from an address that begins with https://: what stands before an @ names no machine" ;;
  http://localhost[:/]* | http://127.0.0.1[:/]*) protocols='=http,https' ;;
  *) fail "releases must come from an address that begins with https://, not $releases" ;;
esac

case $(uname -s)-$(uname -m) in
  Linux-x86_64 | Linux-amd64) archive=x86_64-linux-musl.tar.gz ;;
  Linux-aarch64 | Linux-arm64) archive=aarch64-linux-musl.tar.gz ;;
  Darwin-x86_64) archive=x86_64-macos.tar.gz ;;
  Darwin-arm64) archive=aarch64-macos.tar.gz ;;
  *) fail "there is no release for $(uname -s) on $(uname -m)" ;;
esac
if [ "$version" = latest ]; then from=$releases/latest/download; else from=$releases/download/v$version; fi

if command -v curl >/dev/null; then
  fetch() { curl --proto "$protocols" --proto-redir '=https' --tlsv1.2 -fsSL --retry 2 -o "$2" "$1"; }
elif command -v wget >/dev/null; then
  fetch() { # wget cannot be told to follow https alone, so its log is looked through; BusyBox's knows few options
    wget -S -t 3 -O "$2" "$1" 2>"$work/log" || { cat "$work/log" >&2; return 1; }
    ! grep -qi '^ *location: *http:' "$work/log" || { echo "install.sh: $1 leads to an address without https" >&2; return 1; }
  }
else fail "curl or wget is needed"; fi
if command -v sha256sum >/dev/null; then digest() { sha256sum "$1"; }
elif command -v shasum >/dev/null; then digest() { shasum -a 256 "$1"; }
else fail "sha256sum or shasum is needed"; fi

work=$(mktemp -d)
staged=
trap 'rm -rf "$work" ${staged:+"$staged"}' EXIT
trap 'exit 130' INT TERM

fetch "$from/SHA256SUMS" "$work/SHA256SUMS" || fail "cannot download $from/SHA256SUMS"
line=$(grep -E "^[0-9a-f]{64} [ *]complexity-guard-[^ /]*-$archive\$" "$work/SHA256SUMS" | head -n 1)
[ -n "$line" ] || fail "$from/SHA256SUMS names no archive for $archive"
name=${line##*[ *]}
fetch "$from/$name" "$work/$name" || fail "cannot download $from/$name"
found=$(digest "$work/$name")
[ "${found%% *}" = "${line%% *}" ] || fail "$name is not what SHA256SUMS says it is; nothing was installed"
# Who built it: where GitHub's own program is there and logged in, the attestation of the release is checked as well.
case $releases in https://github.com/*/releases)
  repository=${releases#https://github.com/}
  if command -v gh >/dev/null && gh auth status >/dev/null 2>&1; then
    gh attestation verify "$work/$name" --repo "${repository%/releases}" >/dev/null ||
      fail "$name was not built by ${repository%/releases}; nothing was installed"
  fi ;;
esac

tar -xzf "$work/$name" -C "$work"
program=$work/${name%.tar.gz}/complexity-guard
[ -f "$program" ] || fail "$name holds no complexity-guard"
mkdir -p "$to" || fail "cannot make $to"
staged=$to/.complexity-guard.$$
cp "$program" "$staged" && chmod 755 "$staged" || fail "cannot write to $to"
"$staged" --version >/dev/null || fail "the downloaded program does not run here; nothing was installed"
mv -f "$staged" "$to/complexity-guard"
staged=
echo "installed $("$to/complexity-guard" --version) as $to/complexity-guard"
case :${PATH:-}: in *":$to:"*) ;; *) echo "note: $to is not on your PATH" ;; esac
}
