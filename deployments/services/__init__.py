"""The verbs of the register: one transaction and one verb in the trail each."""

from deployments.services.areas import add_area, draw_outline, edit_area
from deployments.services.counting import confirm_crossing, enter_count, set_overlap, standing_count
from deployments.services.equipment import (
    add_device,
    edit_device,
    edit_sign,
    post_sign,
    prove_removal,
    remove_device,
    take_down_sign,
)
from deployments.services.inspections import inspect_sign
from deployments.services.life import activate, dispose, edit_deployment, register_deployment, suspend, terminate
from deployments.services.places import edit_pip, edit_scenario, edit_site, register_scenario, register_site
from deployments.services.scope import approve_scope, carry_over, decide_scope, refuse_scope, withdraw_scope
from deployments.services.video import answer_neighbour, file_change, file_with_police, prove_of_site, set_video

__all__ = [
    "activate",
    "add_area",
    "add_device",
    "approve_scope",
    "carry_over",
    "answer_neighbour",
    "confirm_crossing",
    "decide_scope",
    "dispose",
    "draw_outline",
    "edit_area",
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
    "file_change",
    "file_with_police",
    "post_sign",
    "prove_of_site",
    "prove_removal",
    "register_deployment",
    "register_scenario",
    "register_site",
    "remove_device",
    "set_overlap",
    "set_video",
    "standing_count",
    "suspend",
    "take_down_sign",
    "terminate",
    "withdraw_scope",
]
