"""What is said aloud in a hall: the number, the characters that the board shows, the room.

A browser's voice reads characters, not pinyin: 单 would be called Dan. Where the stored reading of the first character
is not the one that a reader would take, a character that always has the stored sound is spoken in its place.
"""

from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

# one character of everyday use and a single reading for each sound of a surname that is misread
_ALIKE = {
    "shan": "山", "qiu": "秋", "zeng": "增", "xie": "谢", "ou": "欧", "zha": "闸", "ge": "葛", "miao": "妙",
    "piao": "瓢", "zhai": "摘", "yue": "月", "chong": "虫", "she": "社", "po": "坡", "qin": "秦", "bu": "布",
    "su": "苏", "wei": "伟", "gou": "沟", "shao": "邵", "na": "纳", "nai": "耐", "mou": "谋", "du": "杜", "che": "彻",
    "bai": "白", "bo": "波", "xian": "显", "yun": "云", "bi": "毕", "he": "贺", "ren": "人", "mo": "墨", "yu": "玉",
    "zhang": "章", "tan": "谈", "ling": "铃", "chan": "蝉", "mi": "密", "pang": "旁",
}  # fmt: skip


def call(number: int, masked: str, reading: str, room: str) -> str:
    """The sentence of a call. masked: as on the board (张*丰); reading: the stored pinyin."""
    return _("请 %(number)s 号 %(name)s 到 %(room)s 就诊") % {
        "number": number, "name": spoken(masked, reading), "room": room,
    }  # fmt: skip


def spoken(masked: str, reading: str) -> str:
    """The shown characters with 某 for the hidden ones; "" where the sound of the first is not known."""
    first, sound = masked[:1], reading.split(" ")[0] if reading else ""
    if not sound or first in ("", "*"):
        return ""
    if lazy_pinyin(first) != [sound]:
        first = _ALIKE.get(sound, "")
    if not first:
        return ""
    return first + "某" + (masked[-1] if len(masked) > 2 and masked[-1] != "*" else "")
