"""The plan stage: decides what is converted, bridged or left, and what overlaps; reads no source and writes nothing."""

from unblocker.plan.planner import make_plan

__all__ = ["make_plan"]
