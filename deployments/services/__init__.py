"""The verbs of the register: one transaction and one verb in the trail each."""

from deployments.services.areas import add_area, draw_outline, edit_area
from deployments.services.choice import (
    add_alternative,
    check_alternative,
    check_conduct,
    consider_id_service,
    edit_alternative,
    end_alternative,
)
from deployments.services.counting import (
    enter_count,
    set_group_overlap,
    set_overlap,
    set_warning_steps,
    standing_count,
)
from deployments.services.crossings import confirm_crossing, note_crossing, review_fall
from deployments.services.equipment import (
    add_device,
    edit_device,
    edit_sign,
    post_sign,
    prove_removal,
    remove_device,
    take_down_sign,
)
from deployments.services.governance import edit_mlps, record_proof, register_mlps
from deployments.services.inspections import inspect_sign
from deployments.services.life import (
    activate,
    dispose,
    edit_deployment,
    register_deployment,
    revive,
    suspend,
    terminate,
)
from deployments.services.places import edit_pip, edit_scenario, edit_site, register_scenario, register_site
from deployments.services.safeguards import link_mlps, review_control, set_control
from deployments.services.scope import approve_scope, carry_over, decide_scope, refuse_scope, withdraw_scope
from deployments.services.vendors import (
    edit_engagement,
    edit_vendor,
    end_engagement,
    engage,
    note_return,
    register_vendor,
    supervise,
)
from deployments.services.video import answer_neighbour, file_change, file_with_police, prove_of_site, set_video

__all__ = [
    "activate",
    "add_alternative",
    "add_area",
    "add_device",
    "answer_neighbour",
    "approve_scope",
    "carry_over",
    "check_alternative",
    "check_conduct",
    "confirm_crossing",
    "consider_id_service",
    "decide_scope",
    "dispose",
    "draw_outline",
    "edit_alternative",
    "edit_area",
    "edit_deployment",
    "edit_device",
    "edit_engagement",
    "edit_mlps",
    "edit_pip",
    "edit_scenario",
    "edit_sign",
    "edit_site",
    "edit_vendor",
    "end_alternative",
    "end_engagement",
    "engage",
    "enter_count",
    "file_change",
    "file_with_police",
    "inspect_sign",
    "link_mlps",
    "note_crossing",
    "note_return",
    "post_sign",
    "prove_of_site",
    "prove_removal",
    "record_proof",
    "refuse_scope",
    "register_deployment",
    "register_mlps",
    "register_scenario",
    "register_site",
    "register_vendor",
    "remove_device",
    "review_control",
    "review_fall",
    "revive",
    "set_control",
    "set_group_overlap",
    "set_overlap",
    "set_video",
    "set_warning_steps",
    "standing_count",
    "supervise",
    "suspend",
    "take_down_sign",
    "terminate",
    "withdraw_scope",
]
