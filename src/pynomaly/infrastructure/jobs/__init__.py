"""Work that was taken: the worker, schedules' times, and the relay of what happened."""
