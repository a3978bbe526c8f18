"""`subprocess`, what multiprocessing asks of it: how to start a process, and the flags to repeat, of which we have none."""
_USE_VFORK = True


def _args_from_interpreter_flags():
    return []
