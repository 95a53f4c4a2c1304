#!/usr/bin/env bash
# Imports the files of a folder, a Godot project, and reads them: bash godot.sh FOLDER FILE ...
# It runs in the Debian of ../shared/tools/real_blender.sh, which has Godot 4 as a package.
set -euo pipefail
command -v godot >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends godot
cd "$1"; shift
export HOME=$PWD/home; mkdir -p "$HOME"
godot --version --headless
godot --headless --import >import.log 2>&1 || true
godot --headless --script read.gd -- "$@" >read.log 2>&1
