"""The documentation site: `make docs` writes it into site/, and every warning is an error.

The reference is read from the sources, not imported, so that neither Blender nor torch is needed.
"""

from core_model import __version__

project = "INT Mocap"
copyright = "GPL-3.0-or-later"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.napoleon", "autoapi.extension"]
exclude_patterns = ["pictures"]

html_theme = "furo"
html_title = f"INT Mocap {__version__}"
html_copy_source = False

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autoapi_dirs = ["../core_model", "../bake", "../train"]
autoapi_root = "reference"
autoapi_options = ["members", "show-module-summary"]
autoapi_ignore = ["*/__main__.py"]
autoapi_member_order = "bysource"
autoapi_add_toctree_entry = False
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

suppress_warnings = [
    "autoapi.python_import_resolution",  # names that stand in one assignment are not seen
    "ref.python",  # two rooms may have a Track or a Figure each
]
