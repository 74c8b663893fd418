"""How often Python looks for garbage."""

import gc


def settle() -> None:
    """Have the collector pass over what was loaded, which stays to the end, and look at the rest less often.

    A page makes some ten thousand objects and lets nearly all of them go by itself. With the thresholds of Python a
    tenth of its time goes into looking at the same modules, models and templates again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
