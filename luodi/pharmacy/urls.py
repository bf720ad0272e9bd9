"""Addresses of the pharmacy: prescriptions and lots by number, nothing of a patient."""

from django.urls import path

from luodi.pharmacy.screens import codes, debts, dispense, returns, review, rule, tracing

app_name = "pharmacy"
urlpatterns = [
    path("review/", review.worklist, name="review"),
    path("review/unanswered/", review.unanswered, name="unanswered"),
    path("review/done/", review.reviewed, name="reviewed"),
    path("review/rule/", rule.rule, name="rule"),
    path("review/<int:rx>/", review.sheet, name="sheet"),
    path("rx/<int:rx>/review/", review.verdict, name="verdict"),
    path("rx/<int:rx>/review/claim/", review.claim, name="claim"),
    path("rx/<int:rx>/review/call/", review.call, name="call"),
    path("rx/<int:rx>/returned/", review.returned, name="returned"),
    path("dispense/", dispense.baskets, name="dispense"),
    path("debts/", debts.worklist, name="debts"),
    path("check/", dispense.to_check, name="check"),
    path("dispense/scan/", dispense.find, name="find"),
    path("dispense/<int:rx>/", dispense.desk, name="desk"),
    path("dispense/<int:rx>/labels/", dispense.labels, name="labels"),
    path("dispense/<int:rx>/labels.pdf", dispense.labels_pdf, name="labels_pdf"),
    path("dispense/<int:rx>/labels/<int:seq>/", dispense.one_label, name="label"),
    path("rx/<int:rx>/preparation/", dispense.preparation, name="preparation"),
    path("dispense/<int:rx>/debt/", debts.slip, name="debt_slip"),
    path("rx/<int:rx>/preparation/part/", dispense.preparing_part, name="preparing_part"),
    path("codes/", codes.day, name="codes"),
    path("codes/csv/", codes.day_csv, name="codes_csv"),
    path("rx/<int:rx>/codes/", codes.note, name="trace_code"),
    path("rx/<int:rx>/codes/<int:trace>/removal/", codes.remove, name="untrace"),
    path("rx/<int:rx>/codes/absent/", codes.absent, name="trace_absent"),
    path("returns/", returns.worklist, name="returns"),
    path("returns/scan/", returns.find, name="return_scan"),
    path("returns/packages/<int:package>/", returns.take, name="take_back"),
    path("returns/<int:ret>/", returns.one, name="return"),
    path("rx/<int:rx>/debt/end/", debts.ending, name="debt_end"),
    path("rx/<int:rx>/preparation/undoing/", dispense.undoing, name="undoing"),
    path("rx/<int:rx>/return/", dispense.sending_back, name="sending_back"),
    path("rx/<int:rx>/check/scan/", dispense.scan, name="scan"),
    path("rx/<int:rx>/check/", dispense.checking, name="checking"),
    path("rx/<int:rx>/hand-over/", dispense.handing, name="handing"),
    path("lots/<int:lot>/", tracing.trace, name="trace"),
]
