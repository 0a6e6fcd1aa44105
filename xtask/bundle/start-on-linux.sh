#!/bin/sh
# Serves Cloze to this machine alone and opens the browser; closing the window stops it.
exec sh "$(dirname "$0")/serve/serve.sh"
