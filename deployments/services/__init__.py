"""The verbs of the register: one transaction and one verb in the trail each."""

from deployments.services.counting import confirm_crossing, enter_count, set_overlap, standing_count
from deployments.services.equipment import (
    add_area,
    add_device,
    edit_device,
    edit_sign,
    post_sign,
    remove_device,
    take_down_sign,
)
from deployments.services.inspections import inspect_sign
from deployments.services.life import activate, dispose, edit_deployment, register_deployment, suspend, terminate
from deployments.services.places import edit_pip, edit_scenario, edit_site, register_scenario, register_site
from deployments.services.scope import approve_scope, carry_over, decide_scope, refuse_scope, withdraw_scope

__all__ = [
    "activate",
    "add_area",
    "add_device",
    "approve_scope",
    "carry_over",
    "confirm_crossing",
    "decide_scope",
    "dispose",
    "edit_deployment",
    "edit_device",
    "edit_pip",
    "edit_scenario",
    "edit_sign",
    "edit_site",
    "enter_count",
    "inspect_sign",
    "post_sign",
    "refuse_scope",
    "register_deployment",
    "register_scenario",
    "register_site",
    "remove_device",
    "set_overlap",
    "standing_count",
    "suspend",
    "take_down_sign",
    "terminate",
    "withdraw_scope",
]
