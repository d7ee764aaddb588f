"""The least that Django needs to know, and what Spinetail may be told."""

import os

DEBUG = True  # ?profile works while this is on, or where SPINETAIL_SHOW_CALLBACK says so
SECRET_KEY = "this site has no secrets"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
USE_TZ = True
MIDDLEWARE = ["spinetail.middleware.ProfilerMiddleware"]

# Saves the profile of each request, where somebody names a folder.
SPINETAIL_PROFILE_DIR = os.environ.get("PROFILES")
SPINETAIL_PROFILE_DIR_RENDERER = "spinetail.renderers.SpinetailRenderer"
