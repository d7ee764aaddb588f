"""Run by an interpreter with the wheel installed: does the package import, with its native library?

It is all that is asked of the interpreters that the sampler doesn't support yet.
"""

import os.path

import spinetail
import spinetail._native
from spinetail._version import __version__

folder = os.path.dirname(spinetail.__file__)
library = spinetail._native.__file__
if os.path.dirname(library) != folder:
    raise SystemExit(f"the library comes from {library}, the package from {folder}")
print(f"spinetail {__version__} imports")
