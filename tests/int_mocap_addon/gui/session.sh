#!/usr/bin/env bash
# session.sh FOLDER ZIP SCRIPT: installs the zip and plays a scenario in a Blender with a window.
#
# The window is on a virtual screen. Pictures of it are taken from outside Blender, because its own
# screenshot operator gives black pictures there: the scenario asks by making FOLDER/NAME.request.
set -euo pipefail
folder=$1 zip=$2 script=$3
# What else runs on this machine must not be taken for an add-on that keeps Blender from drawing.
renice -n -10 $$ >/dev/null 2>&1 || true
# Software OpenGL keeps shaders in files that several Blenders at once pull from under each other, so
# these sessions, which come one after the other, have a folder of their own.
export MESA_SHADER_CACHE_DIR="$(dirname "$zip")/shaders"
mkdir -p "$MESA_SHADER_CACHE_DIR"
blender --command extension install-file -r user_default --enable "$zip" >"$folder/install.log" 2>&1
number=99
while [ -e "/tmp/.X11-unix/X$number" ] || [ -e "/tmp/.X$number-lock" ]; do number=$((number + 1)); done
export DISPLAY=":$number"
Xvfb "$DISPLAY" -screen 0 1280x800x24 >"$folder/screen.log" 2>&1 &
screen=$!
trap 'kill $screen 2>/dev/null' EXIT
for _ in $(seq 100); do [ -e "/tmp/.X11-unix/X$number" ] && break; sleep 0.1; done
blender --enable-event-simulate --window-geometry 0 0 1280 800 --python-exit-code 3 \
  --python "$script" -- "$folder" >"$folder/blender.log" 2>&1 &
blender=$!
while kill -0 $blender 2>/dev/null; do
  for request in "$folder"/*.request; do
    [ -e "$request" ] || continue
    name=${request%.request}
    import -window root +dither -colors 255 "PNG8:$name.part.png" && mv "$name.part.png" "$name.png"
    rm "$request"
  done
  sleep 0.1
done
wait $blender
