"""How Sphinx makes the documentation: see `make docs`."""

import sys
from pathlib import Path

import spinetail

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "Spinetail"
author = copyright = "Spinetail contributors"
version = release = spinetail.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "repository_links"]
exclude_patterns = ["tests", "programs", "extensions"]

myst_enable_extensions = ["deflist"]
# As deep as headings go, with the anchors that a code host gives them.
myst_heading_anchors = 4
# Every page is read on a code host, too, where no page can be without its first heading.
myst_links_external_new_tab = False

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_class_signature = "separated"
autodoc_default_options = {"members": True}
# Nothing is fetched to make the documentation, so what other projects document can't be linked.
nitpick_ignore_regex = [(r"py:.*", r"(?!spinetail\.).*")]

html_theme = "furo"
html_title = f"Spinetail {release}"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
pygments_style = "default"
pygments_dark_style = "github-dark"
