"""Which robots and webhooks are told of which duties."""

from portal.law.engine import STATUTORY
from portal.notifications.models import Robot, RobotPip
from portal.obligations.models import Reminder


class Listeners:
    """The working robots of the tenant in scope, and which of them are told of what."""

    def __init__(self) -> None:
        self.robots = list(Robot.objects.working())
        chosen = RobotPip.objects.filter(robot__in=self.robots) if self.robots else ()
        self.pips = {(row.robot_id, row.pip_id) for row in chosen}

    @property
    def webhooks(self) -> list[Robot]:
        return [robot for robot in self.robots if robot.is_webhook]

    def hears(self, robot: Robot, pip_id: int, rule: str) -> bool:
        """Whether a robot is told of this duty: its PIP is one of the robot's, its layer too."""
        is_of_layer = not robot.is_law_only or rule in STATUTORY
        return is_of_layer and (robot.has_all_pips or (robot.pk, pip_id) in self.pips)

    def of(self, reminder: Reminder) -> list[Robot]:
        """The robots that are told of a rung."""
        rule = reminder.obligation.rule
        return [robot for robot in self.robots if self.hears(robot, reminder.pip_id, rule)]
