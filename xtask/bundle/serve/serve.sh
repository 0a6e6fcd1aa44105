#!/bin/sh
# Serves Cloze with what the machine has: Python, else Perl.
here=$(cd "$(dirname "$0")" && pwd) || exit 1

# On a Mac without Apple's developer tools, /usr/bin/python3 only asks whether to install them.
has_python() {
  python=$(command -v python3) || return 1
  [ "$python" != /usr/bin/python3 ] || [ "$(uname)" != Darwin ] || xcode-select -p >/dev/null 2>&1
}

if [ "$CLOZE_WITH" != perl ] && has_python; then
  exec python3 "$here/serve.py"
elif command -v perl >/dev/null; then
  exec perl "$here/serve.pl"
fi
echo "Neither Python 3 nor Perl is here. Please install one of them, or put the folder \"site\" on a web server."
exit 1
