# make setup   prepare .venv (Python 3.11), everything pinned in constraints.txt
# make demo    capture and bake the project's own clip into demo_out/; VIDEO=clip.mp4 for yours
# make test    set up and run the tests, also in Blender 5.2 where Python 3.13 is on the machine
# make test-gui            press the add-on's buttons in a real Blender window
# make test-long           more clips of the kinds that make test looks at
# make test-bundle         build the zip with PyTorch inside and capture with it
# make test-cluster       do clips on two nodes of a Ray cluster, one of which is killed
# make test-report        open the report of a batch in a Chromium
# make test-all-blenders   install and bake in Blender 4.2, 4.5, 5.0 and 5.2
# make addon   build the zips of the Blender extension into dist/
# make lint    every check of .pre-commit-config.yaml: ruff, types, docstrings, spelling, sizes
# make docs    the documentation site into site/
# make same    capture and bake 21 clips with the code of BASE (main) and as it is: equal to the bit?
# make bench   print timings
# make retarget-table how exactly motions go onto every rig; CAPTURES="FOLDER ..." for captures (an hour)
# make fuzz    wrong files for everything that reads one: 10,000 for each reader
# make accuracy print how far captures are from the truth, stage by stage
# make rendered render the clips of the rendered benchmark again
# make rendered-views film performances with several cameras again
# make horovod build Horovod for the PyTorch of .venv (minutes; kept in .cache/horovod) and install it
# make train-demo every step of the image network's training on small made-up data (two minutes)
# make weights train the weights that ship with the program again (30,000 steps, many hours; resumable)
PYTHON ?= python3.11
# The first Python 3.13 that really runs: a pyenv shim may be there without one.
PYTHON_5_2 ?= $(firstword $(foreach python,python3.13 $(wildcard $(HOME)/.pyenv/versions/3.13*/bin/python3.13),\
  $(shell $(python) --version >/dev/null 2>&1 && echo $(python))))
BIN := .venv/bin
BIN_5_2 := .venv-5.2/bin
# Tests run in so many processes at once, all of a file in one, which share what they need; each may
# hold PyTorch and Blender, 1.5 GB, and has a core of its own: threads of one that wait for each other
# on the core of the other cost both half their time.
WORKERS ?= 2
IN_PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 25 --durations-min 5
test-main test-5.2 test-long: export OMP_NUM_THREADS := 1
# Which of them, as pytest is told.
TESTS ?=
PIP_OPTIONS := -q --disable-pip-version-check -c constraints.txt

.PHONY: setup setup-all demo test test-main test-5.2 test-gui test-long test-bundle test-cluster test-report test-all-blenders addon lint docs same bench retarget-table fuzz accuracy rendered rendered-views horovod train-demo weights motion clean

setup: .venv/.ready

# With what the site and the newest Blender need.
setup-all: .venv/.docs $(if $(PYTHON_5_2),.venv-5.2/.packages)
	@$(if $(PYTHON_5_2),$(MAKE) --no-print-directory .venv-5.2/.ready)

.venv/.ready: constraints.txt pyproject.toml core_model/assets/fetch_pose_models.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 is needed (bpy 4.5 wants exactly that): install it, or name it with make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv || \
	  { echo "Python cannot make environments: install the package python3.11-venv."; exit 1; }
	$(BIN)/pip install $(PIP_OPTIONS) -e ".[dev]"
	$(BIN)/python -m core_model.assets.fetch_pose_models
	@$(BIN)/python -m bake.headless
	touch $@

demo: setup
	$(BIN)/python -m train.demo $(if $(VIDEO),--video "$(VIDEO)")

test: test-main test-5.2

# Where the newest Blender can be had, the add-on is installed into it too, so it comes first.
test-main: setup $(if $(PYTHON_5_2),.venv-5.2/.ready)
	$(BIN)/python -m pytest $(IN_PARALLEL) $(TESTS)

# What of the bake room speaks with Blender, in the newest one, which needs Python 3.13; a batch does not
# load Blender.
IN_5_2 := tests/bake --ignore tests/bake/batch -m "not once and not long"
test-5.2: $(if $(PYTHON_5_2),.venv-5.2/.ready)
	@if [ -n "$(PYTHON_5_2)" ]; then $(BIN_5_2)/python -m pytest $(IN_PARALLEL) $(IN_5_2); \
	  else echo "Blender 5.2 was not tested: there is no Python 3.13 on this machine."; fi

.venv-5.2/.packages: constraints.txt pyproject.toml
	$(PYTHON_5_2) -m venv .venv-5.2
	$(BIN_5_2)/pip install $(PIP_OPTIONS) numpy bpy pytest pytest-timeout pytest-xdist
	touch $@

.venv-5.2/.ready: .venv-5.2/.packages
	$(BIN_5_2)/pip install $(PIP_OPTIONS) --no-deps -e .
	touch $@

# The other versions of Blender that the bpy module comes in.
.venv-4.2/.ready: BPY := bpy==4.2.23 numpy==1.24.3
.venv-5.0/.ready: BPY := bpy==5.0.1 numpy==1.26.4
.venv-4.2/.ready .venv-5.0/.ready: constraints.txt pyproject.toml
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install -q --disable-pip-version-check $(BPY) pytest pytest-timeout
	$(@D)/bin/pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

test-all-blenders: setup .venv-4.2/.ready .venv-5.0/.ready .venv-5.2/.ready
	.venv-4.2/bin/python -m pytest tests/bake
	.venv-5.0/bin/python -m pytest tests/bake
	.venv-5.2/bin/python -m pytest tests/bake
	$(BIN)/python -m pytest tests/int_mocap_addon/test_install.py

test-gui: setup
	@if [ -x ../shared/tools/real_blender.sh ]; then \
	  ../shared/tools/real_blender.sh install 5.2 && $(BIN)/python -m pytest tests/int_mocap_addon/gui -m gui -s; \
	  else echo "No real Blender: ../shared/tools/real_blender.sh is not there."; fi

test-long: setup
	$(BIN)/python -m pytest $(IN_PARALLEL) -m long

test-bundle: setup
	$(BIN)/python -m pytest tests/int_mocap_addon -m bundle

test-cluster: setup
	$(BIN)/pip install $(PIP_OPTIONS) ".[cluster]"
	$(BIN)/python -m pytest tests/bake/batch -m cluster

test-report: setup
	$(BIN)/pip install $(PIP_OPTIONS) ".[browser]"
	$(BIN)/python -m pytest tests/bake/batch -m browser

addon: setup
	$(BIN)/python build_addon.py --torch none -o dist

lint: setup
	$(BIN)/pre-commit run --all-files

docs: .venv/.docs
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -d .cache/docs docs site
	@echo "wrote site/index.html"

.venv/.docs: .venv/.ready
	$(BIN)/pip install $(PIP_OPTIONS) -e ".[docs]"
	touch $@

bench: setup
	$(BIN)/python -m tests.benchmarks.bake_keys
	$(BIN)/python -m tests.benchmarks.capture_speed
	$(BIN)/python -m tests.benchmarks.capture_efficiency
	$(BIN)/python -m tests.benchmarks.feet

retarget-table: setup
	mkdir -p .cache
	$(BIN)/python -m tests.benchmarks.retarget $(CAPTURES) --tables limbs round \
	  --results .cache/retarget_table.json

accuracy: setup
	$(BIN)/python -m train.evaluate rendered --stages
	$(BIN)/python -m train.evaluate withheld
	$(BIN)/python -m train.evaluate views
	$(BIN)/python -m train.evaluate views --withheld
	$(BIN)/python -m train.evaluate floor
	$(BIN)/python -m train.evaluate pose2sim --stages
	$(BIN)/python -m train.evaluate demo --stages
	$(BIN)/python -m train.evaluate cmu
	$(BIN)/python -m train.evaluate cmu --stages
	$(BIN)/python -m train.calibrate

BASE ?= main
SAME := .cache/same
CHOSEN = $(if $(CLIPS),--clips $(CLIPS))
same: BEFORE = $(SAME)/$(shell git rev-parse --short $(BASE))
same: setup
	rm -rf $(SAME)/now
	$(BIN)/python -m train.evaluate record $(BEFORE) --revision $(BASE) $(CHOSEN)
	$(BIN)/python -m train.evaluate record $(SAME)/now $(CHOSEN)
	$(BIN)/python -m train.evaluate same $(BEFORE) $(SAME)/now

# MediaPipe's record of the clips has to be made again after this: train/rendering/clips/README.md
rendered: setup
	$(BIN)/python -m train.rendering.render_shots --sheet docs/pictures/rendered.png
	$(BIN)/python -m train.rendering.render_shots --withheld --sheet docs/pictures/withheld.png

rendered-views: setup
	$(BIN)/python -m train.rendering.render_views --sheet docs/pictures/rendered_views.png
	$(BIN)/python -m train.rendering.render_views --withheld --sheet docs/pictures/withheld_views.png

horovod: setup
	sh train/distributed/build_horovod.sh $(BIN)/python

# Under Horovod where make horovod has built it, else under torchrun.
train-demo: setup
	$(BIN)/python -m train.phases.demo

# Before the set-up, which takes minutes: of every source that the configuration names.
motion:
	@sed -n 's|^ *- *\(.*[^ ]\) *$$|\1|p' train/configs/keypoints.yaml | while read -r source; do \
	  [ -e "$$source" ] || { echo "There is no motion capture at $$source: CMU's is free at" \
	    "mocap.cs.cmu.edu; README.md, For developers, says how to use it or yours."; exit 1; }; done

weights: motion setup
	$(BIN)/python -m train configs/keypoints.yaml
	cp runs/keypoints/weights.safetensors core_model/assets/weights/keypoints.safetensors

clean:
	rm -rf .venv .venv-* demo_out runs .cache build dist site

# Goes on where it was stopped; rm -rf .cache/fuzz begins anew.
fuzz: setup
	$(BIN)/python -m tests.fuzz --inputs $(or $(INPUTS),10000) --state .cache/fuzz
