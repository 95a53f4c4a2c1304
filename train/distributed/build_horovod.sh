#!/bin/sh
# Build Horovod for one Python and the PyTorch that it has, and install it there:
#   sh train/distributed/build_horovod.sh .venv/bin/python
# Horovod 0.28.1 asks for C++14, but PyTorch's headers need C++20: two lines of its sources change
# (upstream's pull request 3998, of which there is no release). The wheel fits this PyTorch and this
# Python only; it is kept in .cache/horovod, so that the next time takes seconds.
# Needs g++ 10 or newer, make, CMake 3.13 or newer. For graphics cards set HOROVOD_GPU_OPERATIONS=NCCL
# (and where CUDA and NCCL lie: HOROVOD_CUDA_HOME, HOROVOD_NCCL_HOME) before.
set -eu
python=$1
version=0.28.1
sha256=92a43f5a94c43907a56805bad15f19700c62ffc83b7ca483f9e104e229f67ef0
root=$(cd "$(dirname "$0")/../.." && pwd)
pair=$("$python" -c 'import sys, torch; print(f"torch{torch.__version__}-py{sys.version_info[0]}.{sys.version_info[1]}")')
wheels=$root/.cache/horovod/$pair-${HOROVOD_GPU_OPERATIONS:-cpu}
pip="$python -m pip --disable-pip-version-check -q"

$pip install -c "$root/constraints.txt" cloudpickle psutil cffi pyyaml packaging setuptools wheel
if ! ls "$wheels"/horovod-*.whl >/dev/null 2>&1; then
    for tool in g++ make cmake; do
        command -v "$tool" >/dev/null || { echo "$tool is needed to build Horovod: install it first."; exit 1; }
    done
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    $pip download --no-deps --no-build-isolation --no-binary horovod -d "$work" "horovod==$version"
    echo "$sha256  $work/horovod-$version.tar.gz" | sha256sum --check --quiet
    tar xzf "$work/horovod-$version.tar.gz" -C "$work"
    sed -i 's/set(CMAKE_CXX_STANDARD 14)/set(CMAKE_CXX_STANDARD 20)/' \
        "$work/horovod-$version/CMakeLists.txt" "$work/horovod-$version/horovod/torch/CMakeLists.txt"
    # What includes PyTorch is compiled in two pieces instead of forty, and nothing is left to debug:
    # three minutes of a processor instead of nine. Loops over tensors are made of vector instructions
    # as before (-ftree-vectorize).
    sed -i 's/string(REPLACE "-O2" "-O3" CMAKE_CXX_FLAGS_RELWITHDEBINFO .*/set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -DNDEBUG")/' \
        "$work/horovod-$version/CMakeLists.txt"
    echo 'set_target_properties(${PYTORCH_TARGET_LIB} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 17)' \
        >> "$work/horovod-$version/horovod/torch/CMakeLists.txt"
    echo "Building Horovod $version for $pair: some minutes."
    MAKEFLAGS=${MAKEFLAGS:--j2} LDFLAGS=-s CMAKE_POLICY_VERSION_MINIMUM=3.5 \
    HOROVOD_WITH_PYTORCH=1 HOROVOD_WITH_GLOO=1 HOROVOD_WITHOUT_MPI=1 \
    HOROVOD_WITHOUT_TENSORFLOW=1 HOROVOD_WITHOUT_MXNET=1 \
        $pip wheel --no-build-isolation --use-pep517 --no-deps --no-cache-dir \
        -w "$work" "$work/horovod-$version"
    mkdir -p "$wheels"
    mv "$work"/horovod-*.whl "$wheels"
fi
$pip install --no-deps --force-reinstall "$wheels"/horovod-*.whl
"$python" -c 'import horovod.torch as hvd; hvd.init(); print("Horovod works with this PyTorch.")'
