"""What this room says no with. None of the words holds an identifier."""

from django.utils.translation import gettext_lazy as _

from luodi.trust.refusal import Refusal


class NoPatient(Refusal):
    code = "no_patient"
    message = _("没有这位患者。")
    next = _("请重新查找；如果网址是抄来的，请核对。")
    status = 404


class Moved(Refusal):
    """Somebody corrected the identity while this form was open."""

    code = "identity_moved"
    message = _("这位患者的身份信息刚被别人更正过。")
    next = _("请重新打开，核对最新的信息后再更正。")


class IdTaken(Refusal):
    """The document is registered already: this person is known."""

    code = "id_taken"
    message = _("这个证件号已经登记过。")
    next = _("请按证件号查找并使用原有档案，不要重复建档；原档案有误请先更正。")

    def __init__(self, patient: int | None) -> None:
        super().__init__(facts={"registered": patient})
        self.patient = patient


class IdOfMerged(Refusal):
    """The document is on another record of the same person."""

    code = "id_of_merged"
    message = _("这个证件号在这位患者已合并的另一份档案上，不必再填。")
    next = _("按这个证件号查找就能找到这位患者；如要以那份档案为准，请先撤销合并，再以它为保留档案重新合并。")


class MergedAway(Refusal):
    """The record is merged: what is new goes to the one that stands for the person."""

    code = "merged_away"
    message = _("这份档案已经合并到另一份档案，不再接受新的登记和更正。")
    next = _("请打开合并后保留的档案，在那里办理；合并有误请先撤销合并。")

    def __init__(self, survivor: int) -> None:
        super().__init__(facts={"survivor": survivor})
        self.survivor = survivor


class SameRecord(Refusal):
    code = "merge_same_record"
    message = _("这是同一份档案。")
    next = _("请选择要与它合并的另一份档案。")
    status = 422


class AlreadyMerged(Refusal):
    """The record stands for another one already, or both are one person."""

    code = "merge_already"
    message = _("这份档案已经合并过。")
    next = _("请打开患者身份页查看它合并到哪一份档案；合并有误请先撤销那次合并。")


class RecordsMoved(Refusal):
    """Somebody merged or unmerged one of these records at the same moment."""

    code = "merge_moved"
    message = _("刚刚有人合并或撤销合并了其中一份档案，本次没有改动。")
    next = _("请重新打开两份档案，核对现在的情况。")


class DocumentsDiffer(Refusal):
    """Two resident numbers: two people."""

    code = "merge_documents_differ"
    message = _("两份档案的居民身份证号不同，不能合并。")
    next = _("请核对证件原件：登记错了的先更正身份，再合并；确是两个人请标记「不是同一人」。")


class OfOneFamily(Refusal):
    """Mother and child, or two children of one delivery."""

    code = "merge_family"
    message = _("两份档案是母亲和孩子，或是同胞兄弟姐妹，不能合并。")
    next = _("请核对腕带和出生登记；新生儿改名请在新生儿的档案上更正身份。")


class NewbornHeld(Refusal):
    """The place in the order of birth is taken."""

    code = "newborn_held"
    message = _("这次分娩的这一位新生儿已经登记。")
    next = _("请从已登记的新生儿中打开；多胞胎请选择下一位的出生顺序。")


class Watched(Refusal):
    code = "watched_already"
    message = _("这份档案已经在关注中。")
    next = _("如要改变类别，请安全管理员先解除。")


class NoWatch(Refusal):
    code = "no_watch"
    message = _("这份档案已经不在关注中。")
    next = _("请刷新列表。")


class BothInBed(Refusal):
    """A person lies in one bed."""

    code = "merge_both_in_bed"
    message = _("两份档案的患者现在都在床位上，不能合并。")
    next = _("请先到两个床旁核对；是同一人的，由病区办理一份的离床，再合并。")


class NoMerge(Refusal):
    code = "no_merge"
    message = _("没有这次合并。")
    next = _("请从合并记录中选择。")
    status = 404


class MergeEnded(Refusal):
    code = "merge_ended"
    message = _("这次合并已经撤销。")
    next = _("请刷新合并记录。")


class Erased(Refusal):
    """The identity of one of the records was erased by law."""

    code = "merge_erased"
    message = _("其中一份档案的身份已依法删除，不能合并。")
    next = _("请只使用另一份档案。")


class Invalid(Refusal):
    """A field that does not hold. `field` names it for the form."""

    status = 422
    next = _("请改正后再保存，已填写的内容没有丢失。")

    def __init__(self, code: str, message: object, field: str) -> None:
        super().__init__(code, message, facts={"field": field})
        self.field = field


class BandMoved(Refusal):
    """Another band was made while this page was open."""

    code = "band_moved"
    message = _("这条腕带刚刚已经更换过，没有再次作废。")
    next = _("请打印现在有效的腕带；确需再换，请重新打开页面。")


class NoWristband(Refusal):
    code = "no_wristband"
    message = _("这次就诊还没有腕带。")
    next = _("请先在病区或分诊处发放腕带。")
    status = 404
