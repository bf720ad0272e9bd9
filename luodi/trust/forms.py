"""Forms of login, account and administration."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.trust.models import Permission, Post, Unit

SECRET = {"autocomplete": "current-password"}


class LoginForm(forms.Form):
    login = forms.CharField(
        label=_("工号"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username", "data-first": ""})
    )
    password = forms.CharField(label=_("密码"), max_length=200, strip=False, widget=forms.PasswordInput(attrs=SECRET))


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label=_("动态口令"),
        help_text=_("手机验证器上的 6 位数字"),
        error_messages={"invalid": _("动态口令是 6 位数字。")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "data-first": ""}),
    )


class PasswordAgainForm(forms.Form):
    password = forms.CharField(
        label=_("密码"), max_length=200, strip=False, widget=forms.PasswordInput(attrs=SECRET | {"data-first": ""})
    )


class PasswordForm(forms.Form):
    old = forms.CharField(label=_("当前密码"), max_length=200, strip=False, widget=forms.PasswordInput(attrs=SECRET))
    new = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("new") != given.get("again"):
            self.add_error("again", _("两次输入的新密码不一致。"))
        return given


class GlassForm(forms.Form):
    reason = forms.CharField(
        label=_("紧急访问理由"),
        max_length=300,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 3, "data-first": ""}),
        error_messages={"min_length": _("请至少写明紧急情况和用途。")},
    )


class ReviewForm(forms.Form):
    justified = forms.ChoiceField(
        label=_("是否合理"), choices=[("1", _("合理")), ("0", _("不合理"))], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


class StaffForm(forms.Form):
    login = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$",
        label=_("工号"),
        error_messages={"invalid": _("工号为 2 到 40 位字母、数字、点、横线。")},
    )
    name_zh = forms.CharField(label=_("姓名"), max_length=60)
    name_en = forms.CharField(label=_("英文名"), max_length=60, required=False)
    title = forms.CharField(label=_("职称"), max_length=40, required=False)
    admin_kind = forms.ChoiceField(
        label=_("账号类别"),
        required=False,
        choices=[
            ("", _("普通账号")),
            ("system", _("系统管理员")),
            ("security", _("安全管理员")),
            ("audit", _("审计管理员")),
        ],
    )
    password = forms.CharField(
        label=_("初始密码"), max_length=200, min_length=10, help_text=_("首次登录时必须修改"), strip=False
    )


class AssignForm(forms.Form):
    post = forms.ChoiceField(label=_("岗位"))
    unit = forms.TypedChoiceField(label=_("科室"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(p.code, p.name) for p in Post.objects.order_by("pk")]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [(u.pk, u.name) for u in Unit.objects.order_by("pk")]  # type: ignore[attr-defined]


class ResetForm(forms.Form):
    password = forms.CharField(label=_("新的初始密码"), max_length=200, min_length=10, strip=False)


class PostForm(forms.Form):
    code = forms.SlugField(label=_("岗位代码"), max_length=40, widget=forms.TextInput(attrs={"data-first": ""}))
    name_zh = forms.CharField(label=_("岗位名称"), max_length=80)
    name_en = forms.CharField(label=_("英文名称"), max_length=80)


class GrantsForm(forms.Form):
    """`seen`: what the post held when the page was made; the ticks are read against it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)
    permissions = forms.MultipleChoiceField(label=_("权限"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, admin: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Permission.objects.order_by("pk")
        rows = rows.filter(record=False) if admin else rows
        self.fields["permissions"].choices = [(p.code, p.name) for p in rows]  # type: ignore[attr-defined]


class RotateForm(forms.Form):
    """`seen` is the version of the key that the page showed."""

    seen = forms.IntegerField(min_value=1)


class PolicyForm(forms.Form):
    value = forms.RegexField(
        r"^\d{1,6}$",
        label=_("数值"),
        error_messages={"invalid": _("请填写非负整数。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-first": ""}),
    )
    source = forms.CharField(label=_("依据"), max_length=200)


class AuditForm(forms.Form):
    patient = forms.IntegerField(
        label=_("患者内部编号"),
        help_text=_("患者页面地址中的数字"),
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.NumberInput(attrs={"data-first": ""}),
    )
