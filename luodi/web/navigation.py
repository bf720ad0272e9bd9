"""Which screens a post may see: the rail, the palette and the header are all drawn from one table."""

from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luodi.patients import pinyin


class Screen(NamedTuple):
    """A place one can go to: URL name, words, icon of the sprite, the permission it asks for ("" = any login)."""

    url: str
    label: Promise | str
    icon: str
    permission: str
    rail: bool = True
    specimen: bool = False


SCREENS = (
    Screen("web:today", _("今日"), "today", ""),
    Screen("reception:register", _("挂号"), "register", "visit.register"),
    Screen("patients:search", _("患者"), "person", "identity.read"),
    Screen("reception:appointments", _("预约"), "clock", "visit.register"),
    Screen("portal:kiosk", _("自助机"), "person", "kiosk.serve"),
    Screen("portal:corrections", _("更正申请"), "edit", "identity.correct", rail=False),
    Screen("reception:sessions", _("号源"), "slots", "slot.manage"),
    Screen("reception:templates", _("排班"), "slots", "slot.manage", rail=False),
    Screen("reception:queue", _("候诊"), "queue", "queue.read"),
    Screen("patients:pairs", _("查重"), "search", "identity.merge"),
    Screen("reception:triage", _("分诊"), "triage", "triage.assess"),
    Screen("reception:green", _("绿色通道"), "alert", "triage.assess", rail=False),
    Screen("reception:mass", _("群体事件"), "alert", "triage.assess", rail=False),
    Screen("chart:desk", _("医生站"), "doctor", "encounter.open"),
    Screen("orders:returned", _("退回处方"), "undo", "prescription.draft"),
    Screen("orders:formalities", _("越级补办"), "alert", "prescription.sign", rail=False),
    Screen("pharmacy:review", _("审方"), "review", "prescription.review"),
    Screen("pharmacy:rule", _("自动通过规则"), "review", "review.rule"),
    Screen("pharmacy:dispense", _("配发药"), "dispense", "dispense.prepare"),
    Screen("pharmacy:check", _("核对"), "check", "dispense.check"),
    Screen("pharmacy:debts", _("欠药"), "dispense", "dispense.hand", rail=False),
    Screen("pharmacy:codes", _("药品追溯码"), "scan", "dispense.hand", rail=False),
    Screen("pharmacy:returns", _("退药"), "undo", "dispense.hand", rail=False),
    Screen("stock:overview", _("药库"), "stock", "stock.read"),
    Screen("stock:months", _("库存月结"), "stock", "stock.read", rail=False),
    Screen("stock:expiry", _("近效期药品"), "stock", "stock.read", rail=False),
    Screen("stock:stocktakes", _("库存盘点"), "stock", "stock.read", rail=False),
    Screen("stock:transfers", _("药品调拨"), "stock", "stock.read", rail=False),
    Screen("stock:orders", _("药品采购"), "stock", "stock.read", rail=False),
    Screen("commentary:samples", _("点评样本"), "filter", "commentary.draw"),
    Screen("commentary:mine", _("点评"), "edit", "commentary.comment"),
    Screen("commentary:about_me", _("对我的点评"), "info", "commentary.state", rail=False),
    Screen("commentary:rulings", _("点评裁定"), "sign", "commentary.rule"),
    Screen("commentary:reports", _("点评报告"), "print", "commentary.read"),
    Screen("commentary:proposals", _("处理建议"), "alert", "commentary.read", rail=False),
    Screen("commentary:doctors", _("按医师查看"), "person", "commentary.doctors", rail=False),
    Screen("controlled:books", _("麻精药品"), "lock", "controlled.read"),
    Screen("controlled:residues", _("残余液"), "pill", "controlled.waste", rail=False),
    Screen("ward:board", _("病区"), "ward", "ward.read"),
    Screen("ward:orders", _("医嘱"), "prescribe", "prescription.verify"),
    Screen("ward:returns", _("未用药退回"), "undo", "ward.receive", rail=False),
    Screen("ward:rounds", _("执行单"), "rounds", "medication.administer"),
    Screen("committee:versions", _("药事会"), "review", "committee.read"),
    Screen("committee:overrides", _("提醒坚持率"), "measure", "committee.read", rail=False),
    Screen("committee:agenda", _("药事会议程"), "today", "committee.read", rail=False),
    Screen("vigilance:reactions", _("不良反应"), "alert", "adr.report"),
    Screen("vigilance:candidates", _("不良反应线索"), "search", "adr.assess", rail=False),
    Screen("vigilance:recalls", _("药品召回"), "stop", "recall.manage"),
    Screen("stock:cabinets", _("备药柜"), "stock", "cabinet.use"),
    Screen("insight:measures", _("指标"), "measure", "measure.read"),
    Screen("rollout:gates", _("阶段门"), "gate", "gate.read"),
    Screen("terms:medicines", _("药品目录"), "pill", "terms.read", rail=False),
    Screen("terms:rules", _("审方规则"), "review", "terms.read", rail=False),
    Screen("trust:posts", _("权限"), "access", "post.grant"),
    Screen("orders:rights", _("处方权"), "prescribe", "post.grant", rail=False),
    Screen("trust:staff", _("人员"), "staff", "staff.manage"),
    Screen("trust:audit", _("审计"), "audit", "access.audit"),
    Screen("trust:reviews", _("紧急访问"), "break-glass", "breakglass.review"),
    Screen("trust:watched", _("受关注"), "search", "breakglass.review"),
    Screen("trust:ledger", _("账本"), "history", "ledger.verify"),
    Screen("trust:policy", _("安全策略"), "lock", "policy.set", rail=False),
    Screen("trust:system", _("系统"), "system", "system.operate"),
    Screen("web:design", _("设计样张"), "design", "", rail=False, specimen=True),
    Screen("web:keys", _("快捷键"), "keyboard", "", rail=False),
    Screen("web:about", _("关于与许可"), "info", "", rail=False),
)

HEADER = ("trust:post", "trust:logout", "trust:account", "patients:search")


def allowed(permissions: frozenset[str]) -> list[Screen]:
    """The screens of a set of permissions, in the table's order."""
    return [
        screen
        for screen in SCREENS
        if (not screen.permission or screen.permission in permissions)
        and (specimens_open() or not screen.specimen)
        and address(screen.url)
    ]


def specimens_open() -> bool:
    """The specimens of the design system are for demo, trial and tests."""
    return bool(settings.LUODI.mode != "production")


@cache
def address(name: str) -> str:
    """The URL of a screen; "" where a hospital runs without its room (a test finds a name that is merely wrong)."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def rail(request: Any) -> list[dict[str, Any]]:
    """The rail of this person: url, label, icon, the Alt key of the first nine, and which one is open."""
    shown = [screen for screen in allowed(request.actor_permissions) if screen.rail]
    here = current(request.path, [address(screen.url) for screen in shown])
    return [
        {
            "url": address(screen.url),
            "label": screen.label,
            "icon": screen.icon,
            "key": f"Alt {number}" if number <= 9 else "",
            "current": address(screen.url) == here,
        }
        for number, screen in enumerate(shown, 1)
    ]


def current(path: str, urls: list[str]) -> str:
    """The most exact of `urls` that `path` lies under; the root is itself alone."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default="")


def palette(request: Any) -> list[dict[str, str]]:
    """All screens of this person for the palette, with pinyin initials and the name in the other language."""
    keys = {item["url"]: item["key"] for item in rail(request)}
    return [
        {
            "url": address(screen.url),
            "label": str(screen.label),
            "key": keys.get(address(screen.url), ""),
            **_names(screen.url),
        }
        for screen in allowed(request.actor_permissions)
    ]


def header(request: Any) -> dict[str, Any]:
    """What the base template shows of the person; an empty dict when nobody is at work. Asks the database nothing."""
    row = getattr(request, "session_row", None)
    if row is None or not row.actor.post:
        return {}
    english = int((translation.get_language() or "").startswith("en"))
    return {
        "name": row.staff_name,
        "post": row.post_name[english] or row.post_name[0],
        "unit": row.unit_name[english] or row.unit_name[0],
        "rail": rail(request),
        "palette": palette(request),
        "post_url": address("trust:post"),
        "logout_url": address("trust:logout"),
        "account_url": address("trust:account"),
        "search_url": address("patients:search") if "identity.read" in request.actor_permissions else "",
    }


@cache
def _names(url: str) -> dict[str, str]:
    """Pinyin initials of the Chinese label and the English one, so that either finds the screen."""
    label = next(screen.label for screen in SCREENS if screen.url == url)
    with translation.override("zh-hans"):
        chinese = str(label)
    with translation.override("en"):
        english = str(label)
    return {"pinyin": " ".join(pinyin.initials(chinese)), "other": f"{chinese} {english}"}


def missing() -> list[str]:
    """URL names of the table and of the header that lead nowhere: a test keeps this empty."""
    return [name for name in (*(screen.url for screen in SCREENS), *HEADER) if not address(name)]
