#!/bin/sh
# Install complexity-guard: download the release for this machine, verify its checksum, put the one file in place.
#
#   install.sh [--version 1.2.3] [--to DIR] [--repository OWNER/NAME]
#
# Without root: the default place is ~/.local/bin. The copy that belongs to a release knows its repository; any other must
# be told. COMPLEXITY_GUARD_RELEASES names another place of releases (a mirror).
set -eu
{ # a shell that reads this from the network runs none of it before it has read all of it

home_page=
releases=${COMPLEXITY_GUARD_RELEASES:-${home_page:+$home_page/releases}}
version=latest
to=${COMPLEXITY_GUARD_BIN:-${HOME:-}/.local/bin}

fail() { echo "install.sh: $*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --version) [ $# -gt 1 ] || fail "--version needs a number"; version=${2#v}; shift 2 ;;
    --repository) [ $# -gt 1 ] || fail "--repository needs OWNER/NAME"; releases=https://github.com/$2/releases; shift 2 ;;
    --to) [ $# -gt 1 ] || fail "--to needs a folder"; to=$2; shift 2 ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "unknown option $1" ;;
  esac
done
[ -n "$releases" ] || fail "this copy belongs to no release: say --repository OWNER/NAME, from which to install"
[ "$to" != /.local/bin ] || fail "there is no HOME: say --to DIR"

case $(uname -s)-$(uname -m) in
  Linux-x86_64 | Linux-amd64) archive=x86_64-linux-musl.tar.gz ;;
  Linux-aarch64 | Linux-arm64) archive=aarch64-linux-musl.tar.gz ;;
  Darwin-x86_64) archive=x86_64-macos.tar.gz ;;
  Darwin-arm64) archive=aarch64-macos.tar.gz ;;
  *) fail "there is no release for $(uname -s) on $(uname -m)" ;;
esac
if [ "$version" = latest ]; then from=$releases/latest/download; else from=$releases/download/v$version; fi

if command -v curl >/dev/null; then fetch() { curl -fsSL --retry 2 -o "$2" "$1"; }
elif command -v wget >/dev/null; then fetch() { wget -q -t 3 -O "$2" "$1"; }
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
