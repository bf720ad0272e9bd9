"""The measures. Each yields one Case a thing counted, from facts of the rooms below, as of a ledger head."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from luodi.chart import facts as chart
from luodi.commentary import facts as commentary
from luodi.commentary.drawing import antibacterial as is_antibacterial
from luodi.orders import alerts
from luodi.orders import facts as orders
from luodi.orders.loop import Step
from luodi.pharmacy import facts as pharmacy
from luodi.portal import facts as portal
from luodi.reception import facts as reception
from luodi.vigilance import facts as vigilance
from luodi.ward import facts as ward

from .measure import Case, Window, measure

SECONDS = Decimal(60)


@measure(
    "closed_loop_rate",
    zh="用药闭环率",
    en="Closed-loop rate",
    unit="%",
    per=100,
    definition=_(
        "窗口内开始的用药闭环中走到最后一步且每个环节依次完成的比例。门诊、急诊以处方计，最后一步是发药；"
        "留观、住院以每次计划用药计，最后一步是给药，或有理由的拒绝、暂缓。停止的医嘱不计入，过期的计为未完成。"
    ),
    formula=_("完整闭环数 ÷（窗口内开始的闭环数 − 停止的闭环数）× 100"),
    source=_("医嘱执行闭环：必经环节齐全且顺序正确的任务数 ÷ 应执行任务数；试点门要求 ≥ 95%"),
    owner=_("药学部与护理部"),
)
def closed_loop_rate(head: int, window: Window) -> Iterator[Case]:
    for loop in orders.loops(head, window):
        if loop.end != "stopped":
            yield Case(loop.visit_class, int(loop.whole))


@measure(
    "minutes_to_doctor",
    zh="挂号到接诊分钟数",
    en="Minutes from registration to doctor",
    unit=_("分钟"),
    better="lower",
    spread=True,
    definition=_("窗口内登记且已由医师接诊的就诊，从登记到接诊的平均分钟数；另给出中位数。未接诊的就诊不计入。"),
    formula=_("分钟数之和 ÷ 已接诊就诊数"),
    source=_("试点评估的平均接诊时间"),
    owner=_("门诊部与急诊科"),
)
def minutes_to_doctor(head: int, window: Window) -> Iterator[Case]:
    for visit in chart.openings(head, window):
        minutes = Decimal(int((visit.opened_at - visit.registered_at).total_seconds())) / SECONDS
        yield Case(visit.visit_class, minutes)


@measure(
    "returned_per_100",
    zh="每百张审方退回数",
    en="Prescriptions returned per 100 reviewed",
    unit=_("张/百张"),
    per=100,
    better="lower",
    definition=_("窗口内经药师审核的处方中至少退回过一次的张数，按每百张计。"),
    formula=_("退回过的处方数 ÷ 审核过的处方数 × 100"),
    source=_("处方审核：不合理处方率的过程指标"),
    owner=_("药学部"),
)
def returned_per_100(head: int, window: Window) -> Iterator[Case]:
    classes = {step.prescription: step.visit_class for step in orders.steps(head, window)}
    verdicts: dict[int, set[str]] = {}
    for review in pharmacy.reviews(head, window.start, window.end):
        verdicts.setdefault(review.prescription, set()).add(review.verdict)
    for prescription, found in sorted(verdicts.items()):
        yield Case(classes.get(prescription, ""), int("return" in found))


@measure(
    "override_rate",
    zh="提醒坚持率",
    en="Override rate of questions",
    unit="%",
    per=100,
    better="lower",
    definition=_(
        "窗口内签名的处方中，审方规则的询问出现后医师写明理由坚持开具的比例；改了处方使询问消失的计入分母。按规则分组。"
    ),
    formula=_("坚持开具的询问数 ÷（坚持开具 + 改了处方）× 100"),
    source=_("药事会：提醒少而准；坚持率过高的规则提交药事会"),
    owner=_("药事管理与药物治疗学委员会"),
)
def override_rate(head: int, window: Window) -> Iterator[Case]:
    for alert in alerts.alerts(head, window):
        if alert.grade == "ask":
            yield Case(f"rule-{alert.rule}", int(alert.outcome == "answered"))


@measure(
    "review_in_time",
    zh="审方及时率",
    en="Reviews in time",
    unit="%",
    per=100,
    definition=_(
        "窗口内药师作出的审方结论中，在签名后规定时限内作出的比例。时限是本院的数据，按就诊类别和是否立即执行设定，以作出结论时的时限为准；"
        "没有设定时限的和系统按规则自动通过的不计入。"
    ),
    formula=_("时限内的审方数 ÷ 有时限的药师审方数 × 100"),
    source=_("医疗机构处方审核规范 2018：处方审核质量管理"),
    owner=_("药学部"),
)
def review_in_time(head: int, window: Window) -> Iterator[Case]:
    classes = {step.prescription: step.visit_class for step in orders.steps(head, window)}
    for review in pharmacy.reviews(head, window.start, window.end):
        if review.due is not None and not review.automatic:
            yield Case(classes.get(review.prescription, ""), int(review.at <= review.due))


@measure(
    "review_minutes",
    zh="签名到审方分钟数",
    en="Minutes from signature to review",
    unit=_("分钟"),
    better="lower",
    spread=True,
    definition=_("窗口内药师作出的审方结论，从该版处方签名到作出结论的平均分钟数；另给出中位数。自动通过的不计入。"),
    formula=_("分钟数之和 ÷ 药师审方数"),
    source=_("医疗机构处方审核规范 2018：处方审核质量管理"),
    owner=_("药学部"),
)
def review_minutes(head: int, window: Window) -> Iterator[Case]:
    classes = {step.prescription: step.visit_class for step in orders.steps(head, window)}
    for review in pharmacy.reviews(head, window.start, window.end):
        if review.since is not None and not review.automatic:
            minutes = Decimal(int((review.at - review.since).total_seconds())) / SECONDS
            yield Case(classes.get(review.prescription, ""), minutes)


@measure(
    "intervention_rate",
    zh="审方干预率",
    en="Prescriptions in which a pharmacist intervened",
    unit="%",
    per=100,
    definition=_("窗口内审核过的处方中，药师退回过或电话联系过医师的比例。"),
    formula=_("退回或电话联系过的处方数 ÷ 审核过的处方数 × 100"),
    source=_("医疗机构处方审核规范 2018：处方干预率"),
    owner=_("药学部"),
)
def intervention_rate(head: int, window: Window) -> Iterator[Case]:
    classes = {step.prescription: step.visit_class for step in orders.steps(head, window)}
    called = {prescription for prescription, _outcome, _at in pharmacy.calls(head, window.start, window.end)}
    touched: dict[int, bool] = {}
    for review in pharmacy.reviews(head, window.start, window.end):
        intervened = review.verdict == "return" or review.prescription in called
        touched[review.prescription] = touched.get(review.prescription, False) or intervened
    for prescription, intervened in sorted(touched.items()):
        yield Case(classes.get(prescription, ""), int(intervened))


@measure(
    "scan_rate",
    zh="床旁双扫描率",
    en="Bedside scan rate",
    unit="%",
    per=100,
    definition=_("窗口内给出的用药中腕带与药包都经扫描的比例；人工核对计为未扫描，原因另行统计。"),
    formula=_("腕带和药包都扫描的给药数 ÷ 给药数 × 100"),
    source=_("扫描率：患者与药品都扫描的剂量 ÷ 给出的剂量，人工替代计为未扫描"),
    owner=_("护理部"),
)
def scan_rate(head: int, window: Window) -> Iterator[Case]:
    for dose in ward.given(head, window):
        yield Case(f"unit-{dose.unit}", int(dose.both_scanned))


@measure(
    "satisfaction",
    zh="患者总体满意度",
    en="Patients' overall satisfaction",
    unit=_("分"),
    spread=True,
    definition=_(
        "窗口内收到的就诊评价中“总体满意度”一题的平均分，1 分很不满意，5 分很满意；另给出中位数。每次就诊只能评价一次。"
    ),
    formula=_("总体满意度得分之和 ÷ 评价份数"),
    source=_("患者满意度调查；每次就诊一份，由患者或其授权的亲属从手机提交"),
    owner=_("门诊部"),
)
def satisfaction(head: int, window: Window) -> Iterator[Case]:
    for rating in portal.ratings(head, window):
        if rating.question == "overall":
            yield Case(rating.visit_class, Decimal(rating.value))


@measure(
    "portal_share",
    zh="手机预约占比",
    en="Share of appointments made by phone",
    unit="%",
    per=100,
    definition=_("窗口内新做的预约中由患者或亲属从手机完成的比例。"),
    formula=_("手机预约数 ÷ 预约数 × 100"),
    source=_("预约渠道统计"),
    owner=_("门诊部"),
)
def portal_share(head: int, window: Window) -> Iterator[Case]:
    for made in reception.appointments(head, window):
        yield Case("outpatient", int(made.channel == "portal"))


@measure(
    "commentary_reasonable",
    zh="点评处方合理率",
    en="Reasonable in commentary",
    unit="%",
    per=100,
    definition=_("窗口内开具、按门急诊样本抽中且点评已有结论的处方中合理处方的比例；未点评的不计入。"),
    formula=_("合理处方数 ÷ 有点评结论的处方数 × 100"),
    source=_("医院处方点评管理规范（试行）附件：合理处方百分率"),
    owner=_("药学部"),
)
def commentary_reasonable(head: int, window: Window) -> Iterator[Case]:
    for case in commentary.judged(head, window):
        if case.kind == "outpatient":
            yield Case(case.visit_class, int(case.reasonable))


@measure(
    "antibacterial_share",
    zh="抗菌药处方比例",
    en="Share of prescriptions with an antibacterial",
    unit="%",
    per=100,
    better="lower",
    definition=_("窗口内首次签名的处方中至少含一种全身用抗菌药的比例，按就诊类别分组。"),
    formula=_("含抗菌药的处方数 ÷ 处方数 × 100"),
    source=_("抗菌药物专项整治：门诊 ≤ 20%，急诊 ≤ 40%，住院 ≤ 60%（住院按患者计，本指标按处方计）"),
    owner=_("药学部"),
)
def antibacterial_share(head: int, window: Window) -> Iterator[Case]:
    for sheet in orders.sheets(head, window):
        yield Case(sheet.visit_class, int(any(is_antibacterial(line) for line in sheet.lines)))


@measure(
    "reactions_per_1000_doses",
    zh="每千次给药的不良反应",
    en="Suspected reactions per 1,000 doses",
    unit=_("次/千次"),
    per=1000,
    definition=_(
        "窗口内床旁给出的用药中，被已上报的不良反应报告列为怀疑药品的次数，按每千次给药计。报告多不等于用药差。"
    ),
    formula=_("被怀疑的给药数 ÷ 给药数 × 1000"),
    source=_("药品不良反应监测：可疑即报；分母为实际给药"),
    owner=_("药学部"),
)
def reactions_per_1000_doses(head: int, window: Window) -> Iterator[Case]:
    for dose in vigilance.doses(head, window):
        yield Case(f"unit-{dose.unit}", int(dose.suspected))


@measure(
    "reactions_on_time",
    zh="不良反应按时报送率",
    en="Reactions submitted on time",
    unit="%",
    per=100,
    definition=_("窗口内上报的不良反应中，在法定期限内报送国家系统的比例；窗口结束时未到期且未报送的不计入。"),
    formula=_("按时报送数 ÷（已报送数 + 超期未报送数）× 100"),
    source=_("药品不良反应报告和监测管理办法第二十一条：死亡立即，新的、严重的 15 日，其他 30 日"),
    owner=_("药学部"),
)
def reactions_on_time(head: int, window: Window) -> Iterator[Case]:
    for one in vigilance.reports(head, window):
        if one.submitted_at is not None or one.due < window.end:
            yield Case(f"unit-{one.unit}", int(one.submitted_at is not None and one.submitted_at <= one.due))


@measure(
    "reactions_serious",
    zh="严重不良反应占比",
    en="Share of serious reactions",
    unit="%",
    per=100,
    definition=_("窗口内上报的不良反应中严重的比例，按当时有效的一版报告计。"),
    formula=_("严重的报告数 ÷ 报告数 × 100"),
    source=_("药品不良反应报告和监测管理办法第六十三条：严重药品不良反应的定义"),
    owner=_("药学部"),
)
def reactions_serious(head: int, window: Window) -> Iterator[Case]:
    for one in vigilance.reports(head, window):
        yield Case(f"unit-{one.unit}", int(one.serious))


@measure(
    "owed_share",
    zh="欠药率",
    en="Prescriptions handed over in part",
    unit="%",
    per=100,
    better="lower",
    definition=_("窗口内第一次发药的门诊、急诊处方中，因库存不足只发一部分、其余记欠药的比例。"),
    formula=_("部分发药的处方数 ÷ 发药的处方数 × 100"),
    source=_("本产品的定义：缺药推迟治疗，由环节表中的部分发药计数"),
    owner=_("药学部"),
)
def owed_share(head: int, window: Window) -> Iterator[Case]:
    for step in orders.first_handed(head, window):
        if step.visit_class in ("outpatient", "emergency"):
            yield Case(step.visit_class, int(step.step == Step.OWED))
