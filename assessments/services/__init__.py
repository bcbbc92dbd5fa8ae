"""The verbs of impact assessments: one transaction and one verb in the trail each."""

from assessments.services.approval import approve, attach_signed, send_back, submit
from assessments.services.erasing import ask_erasure, confirm_erasure, withdraw_erasure
from assessments.services.outside import ELEMENTS, register
from assessments.services.questions import add_question, end_question
from assessments.services.review import accept_section, ask_correction, remark, settle_remark
from assessments.services.starting import refresh, renew, start
from assessments.services.writing import (
    EditConflict,
    add_measure,
    add_risk,
    attach,
    conclude,
    detach,
    edit_measure,
    remove_measure,
    remove_risk,
    save_answer,
    weigh,
)

__all__ = [
    "ELEMENTS",
    "EditConflict",
    "accept_section",
    "add_measure",
    "add_question",
    "add_risk",
    "approve",
    "ask_erasure",
    "ask_correction",
    "attach",
    "attach_signed",
    "conclude",
    "confirm_erasure",
    "detach",
    "edit_measure",
    "end_question",
    "refresh",
    "register",
    "remark",
    "remove_measure",
    "remove_risk",
    "renew",
    "save_answer",
    "send_back",
    "settle_remark",
    "start",
    "submit",
    "weigh",
    "withdraw_erasure",
]
