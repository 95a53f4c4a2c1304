"""The documentation site: `make docs` writes it into site/, and every warning is an error.

The reference is read from the sources, not imported, so that neither Blender nor torch is needed.
"""

from typing import Any

from sphinx.application import Sphinx

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


def only_this_branch(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Open in the tree at the side only the branch of the page.

    Every page of the reference with the whole tree of all of them is most of the work of the site.
    """
    if "toctree" in context:
        whole = context["toctree"]
        context["toctree"] = lambda **options: whole(**options | {"collapse": True})


def setup(app: Sphinx) -> None:
    """Let it come before the theme draws the tree."""
    app.connect("html-page-context", only_this_branch, priority=400)
