"""`subprocess`, the one function that multiprocessing calls: the flags to repeat for a worker. A binary has none."""


def _args_from_interpreter_flags():
    return []
