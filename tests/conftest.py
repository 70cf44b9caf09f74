"""No test is timed: how long an example takes says something of the machine, and `make bench` measures ours."""

from hypothesis import settings

settings.register_profile("untimed", settings.default, deadline=None)
settings.load_profile("untimed")
