#!/usr/bin/env bash
# Imports FOLDER, a Godot project, and takes a picture there: bash godot_picture.sh FOLDER SECONDS.
# It runs in the Debian of ../shared/tools/real_blender.sh, which has Godot 4 as a package.
set -euo pipefail
command -v godot >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends godot
cd "$1"
export HOME=$PWD/home LIBGL_ALWAYS_SOFTWARE=1; mkdir -p "$HOME"
godot --headless --import >import.log 2>&1 || true
xvfb-run -a -s "-screen 0 1200x700x24" godot --rendering-driver opengl3 --audio-driver Dummy \
  --script godot_picture.gd -- "$2" >picture.log 2>&1
