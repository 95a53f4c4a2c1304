#!/bin/sh
# Train or evaluate in several processes under Horovod:
#   sh train/hvd_start.sh phase1 4 localhost:4
#   sh train/hvd_start.sh phase1 16 host1:4,host2:4,host3:4,host4:4 run.init=FILE
#   sh train/hvd_start.sh keypoints 2 localhost:2 --steps 1000
#   sh train/hvd_start.sh eval 4 localhost:4 3dpw --checkpoint FILE
# Elastic: with MIN_NP (and MAX_NP) set, a worker that dies or joins does not end the run; HOSTS is
# then a script that prints a line `host:slots` for each machine that is there:
#   MIN_NP=2 MAX_NP=8 sh train/hvd_start.sh phase2 4 ./hosts.sh
# Other machines need ssh without a password, this folder and the data at the same place.
# INTERFACE is the network between them; an elastic run on one machine needs INTERFACE=lo.
set -eu
[ $# -ge 3 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2; }
phase=$1 count=$2 hosts=$3
shift 3
root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
horovodrun=$(dirname "$python")/horovodrun
[ -x "$horovodrun" ] || { echo "Horovod is not installed: make horovod builds it for this PyTorch."; exit 1; }
case $phase in
eval) set -- -m train.evaluate "$@" ;;
*) set -- -m train "configs/$phase.yaml" "$@" ;;
esac
interface=${INTERFACE:-}
case $hosts in
*,*) ;;
localhost:*) interface=${INTERFACE:-lo} ;;
esac
cd "$root"
if [ -n "${MIN_NP:-}" ]; then
    exec "$horovodrun" --gloo -np "$count" --min-np "$MIN_NP" ${MAX_NP:+--max-np "$MAX_NP"} \
        --host-discovery-script "$hosts" ${interface:+--network-interface "$interface"} "$python" "$@"
fi
exec "$horovodrun" --gloo -np "$count" -H "$hosts" \
    ${interface:+--network-interface "$interface"} "$python" "$@"
