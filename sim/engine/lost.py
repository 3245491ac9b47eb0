"""What trade is lost in the end: covered or held back, and brought by no other way."""

from sim.codes import EXPORTS
from sim.compiled import part


@part
def lost_bn(t, way, j, inputs, effect):  # type: ignore[no-untyped-def]
    """Return what a target does not buy or sell of a sector in the end, USD bn a year.

    What comes by another way is not lost; what a target sells by pipe has none.
    """
    leak = effect.leak[t]
    if way == EXPORTS and inputs.energy.sectors.piped[j] > 0.0:
        leak = 0.0
    third_bn = inputs.horizon.third_bn[t, way, j] * effect.withheld_third[t, way]
    return effect.missing_of[t, way, j] * (1.0 - leak) + third_bn
