"""What a run starts from: tables, loader, checks, ties."""

from sim.world.ties import alliance_network, frozen_network
from sim.world.world import World, load

__all__ = ["World", "alliance_network", "frozen_network", "load"]
