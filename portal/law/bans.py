"""What the law forbids without exception, in its own words: pages that meet it quote it."""

from portal.law.sources import FRM, VIDEO, Cite
from portal.law.text import Text

PRIVATE_SPACE_BAN: tuple[tuple[Cite, Text], ...] = (
    (
        FRM(13),
        Text(
            "No organisation or person may install FR devices inside the private spaces of public places, such as"
            " hotel rooms, public bathrooms, public changing rooms and public toilets.",
            "任何组织和个人不得在宾馆客房、公共浴室、公共更衣室、公共卫生间等公共场所中的私密空间内部安装人脸识别设备。",
        ),
    ),
    (
        VIDEO(8),
        Text(
            "Whoever manages such a place checks it daily and reports a device found there to the police at once.",
            "对上述区域负有管理责任的单位或者个人应当加强日常检查，发现安装图像采集设备的，立即报告公安机关。",
        ),
    ),
)
