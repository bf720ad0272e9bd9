"""Synthetic patients: names, ages, numbers that belong to nobody."""

from datetime import date, timedelta
from random import Random

from luodi.patients.types import NewPatient

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文辉力鹏飞雪梅琳晨宇浩思雨子涵梓萱一诺国庆"
# 99 is no region of China: a number that passes every check and can be nobody's.
_REGION = "999"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def _number(born: date, sex: str, serial: int) -> str:
    """A resident number with a valid check character (GB 11643), different for half a million serials."""
    order = serial * 2 % 1000 + (1 if sex == "1" else 0)
    body = f"{_REGION}{serial // 500 % 1000:03d}{born:%Y%m%d}{order % 1000:03d}"
    return body + _CHECK[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def mistyped(number: str) -> str:
    """The number with its last digit but one changed: the check character no longer fits."""
    return f"{number[:-2]}{(int(number[-2]) + 1) % 10}{number[-1]}"


def patient(rng: Random, serial: int, on: date, *, child: bool = False) -> NewPatient:
    """A new person, different for every serial."""
    age = rng.uniform(1.5, 13.5) if child else min(92.0, max(18.0, rng.gauss(52, 18)))
    born = on - timedelta(days=int(age * 365.25) + rng.randrange(300))
    sex = rng.choice("12")
    name = rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2, 2))))
    return NewPatient(
        name=name,
        sex=sex,
        birth_date=born,
        id_kind="resident",
        id_no=_number(born, sex, serial),
        phone=f"1990000{serial % 10000:04d}",
        address="演示路" + str(serial % 900 + 1) + "号",
    )
