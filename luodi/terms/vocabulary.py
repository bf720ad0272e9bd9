"""Words of the shipped tables that are said in the language of the screen: gathered here for the catalogue of texts.

What a hospital adds of its own stays as it was written.
"""

from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_noop as _

FORMS = (
    _("丸剂"),
    _("乳膏"),
    _("凝胶"),
    _("口服液"),
    _("口服溶液"),
    _("吸入剂"),
    _("吸入气雾剂"),
    _("吸入粉雾剂"),
    _("咀嚼片"),
    _("控释片"),
    _("散剂"),
    _("泡腾片"),
    _("注射液"),
    _("注射用粉针"),
    _("洗剂"),
    _("混悬液"),
    _("溶液"),
    _("滴丸"),
    _("滴眼剂"),
    _("滴耳剂"),
    _("灌肠剂"),
    _("片剂"),
    _("缓释片"),
    _("缓释胶囊"),
    _("肠溶片"),
    _("肠溶胶囊"),
    _("胶丸"),
    _("胶囊"),
    _("贴剂"),
    _("软胶囊"),
    _("软膏"),
    _("阴道栓"),
    _("阴道片"),
    _("雾化液"),
    _("雾化混悬液"),
    _("颗粒剂"),
    _("鼻喷雾剂"),
)
PACK_UNITS = (
    _("丸"),
    _("支"),
    _("瓶"),
    _("片"),
    _("袋"),
    _("粒"),
    _("贴"),
    _("枚"),
)
RULES = (
    _("每张处方不超过五种药品"),
    _("不得使用含糊用法"),
    _("处方须有临床诊断"),
    _("当日有效,延长不超过三天"),
    _("普通处方不超过七日用量"),
    _("急诊处方不超过三日用量"),
    _("长期处方一般四周内,最长十二周"),
    _("麻醉药品、第一类精神药品门急诊用量"),
    _("哌醋甲酯治疗儿童多动症"),
    _("癌痛及中重度慢性疼痛患者用量"),
    _("住院患者逐日开具"),
    _("哌替啶一次常用量,限院内使用"),
    _("二氢埃托啡一次常用量,限二级以上医院内使用"),
    _("第二类精神药品不超过七日用量"),
    _("毒性药品不超过二日极量"),
    _("麻醉药品注射剂仅限院内使用"),
    _("麻醉药品和第一类精神药品处方权"),
    _("麻醉、精神药品使用专用处方"),
    _("中药饮片、中药注射剂单独开具处方"),
    _("执业助理医师处方须经执业医师签名"),
    _("特殊使用级不得在门诊使用"),
    _("特殊使用级须经会诊同意"),
    _("抗菌药物分级处方权与越级使用"),
    _("用药前皮试"),
    _("过敏药物"),
    _("过敏史须询问并记录"),
    _("重复给药"),
    _("相互作用与配伍禁忌"),
    _("禁忌证"),
    _("妊娠期与哺乳期用药"),
    _("肾功能不全用药"),
    _("肾功能结果的时效(本院可调)"),
    _("年龄须写明"),
    _("儿童与按体重给药须有体重"),
    _("超剂量须注明原因并再次签名"),
    _("超剂量处方应拒绝调配直至医师更正或重新签字"),
    _("剂量、单位、用法须清楚"),
    _("固定给药间隔(每周一次等)"),
    _("用法频次须可核对"),
    _("剂型与给药途径"),
    _("数量与疗程须相符"),
    _("高警示药品双人核对"),
    _("须为本机构药品目录内药品"),
)
# Units of a dose that are no pack units: eye drops are dosed by the drop, aerosols by the breath.
DOSE_UNITS = (
    _("滴"),
    _("吸"),
)
SOURCES = (
    _("β内酰胺类抗菌药物皮肤试验指导原则(2021年版)"),
    _("中国高警示药品推荐目录(2019版)"),
    _("医疗机构处方审核规范(国卫办医发〔2018〕14号)"),
    _("医疗用毒性药品管理办法(国务院令第23号)"),
    _("处方管理办法(卫生部令第53号)"),
    _("抗菌药物临床应用管理办法(卫生部令第84号)"),
    _("本院默认值(可调)"),
    _("药品管理法"),
    _("药品说明书汇编(compiled,未经药师审核)"),
    _("长期处方管理规范(试行)(国卫办医发〔2021〕17号)"),
)
ARTICLES = (
    _("第六条"),
    _("第六条第五项"),
    _("第六条第七项"),
    _("第六条第九项"),
    _("第六条;附件1"),
    _("第八条;第九条"),
    _("第九条"),
    _("第十一条"),
    _("第十六条"),
    _("第十八条"),
    _("第十九条"),
    _("第二十二条"),
    _("第二十三条"),
    _("第二十四条"),
    _("第二十四条;第二十八条"),
    _("第二十五条"),
    _("第二十六条"),
    _("第二十七条"),
    _("第七十三条"),
    _("附件1"),
    _("规范性审核"),
    _("适宜性审核"),
)
# 支 counts anything long: English has a word for each kind. An injection stays with the word for all of them: it is an
# ampoule, a vial, a cartridge or a syringe, which its form does not say.
_TUBE, _BOTTLE, _VIAL = pgettext_lazy("tube", "支"), pgettext_lazy("bottle", "支"), pgettext_lazy("vial", "支")
_INHALER = pgettext_lazy("inhaler", "支")
_LONG = {
    "软膏": _TUBE,
    "乳膏": _TUBE,
    "凝胶": _TUBE,
    "口服液": _BOTTLE,
    "口服溶液": _BOTTLE,
    "混悬液": _BOTTLE,
    "滴眼剂": _BOTTLE,
    "滴耳剂": _BOTTLE,
    "吸入剂": _BOTTLE,
    "吸入气雾剂": _INHALER,
    "吸入粉雾剂": _INHALER,
    "注射用粉针": _VIAL,
    "雾化液": _VIAL,
    "雾化混悬液": _VIAL,
}


def said(word: str, form: str = "") -> str:
    """A word of these tables as the reader's language has it; a unit of a known dosage form by what holds that form."""
    if word == "支" and form in _LONG:
        return str(_LONG[form])
    return gettext(word) if word else ""


said_lazy = lazy(said, str)
