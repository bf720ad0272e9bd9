from django.urls import path

from luodi.orders.screens import dossier, ending, formalities, pad, rights, sheet

app_name = "orders"
urlpatterns = [
    path("encounter/<int:encounter>/", pad.on_encounter, name="on_encounter"),
    path("encounter/<int:encounter>/drafts/", pad.new_draft, name="new_draft"),
    path("rx/<int:pk>/medicines/", pad.medicines, name="medicines"),
    path("rx/<int:pk>/line/", pad.line, name="line"),
    path("rx/<int:pk>/line/check/", pad.check, name="check"),
    path("rx/<int:pk>/lines/", pad.lines, name="lines"),
    path("rx/<int:pk>/lines/<int:seq>/removal/", pad.removal, name="removal"),
    path("rx/<int:pk>/copy/", pad.copy, name="copy"),
    path("rx/<int:pk>/signature/", pad.signature, name="signature"),
    path("rx/<int:pk>/reply/", pad.reply, name="reply"),
    path("rx/<int:pk>/", sheet.prescription, name="prescription"),
    path("rx/<int:pk>/print/", sheet.sheet, name="print"),
    path("rx/<int:pk>/prescription.pdf", sheet.sheet_pdf, name="pdf"),
    path("rx/<int:pk>/stop/", ending.stop, name="stop"),
    path("rx/<int:pk>/extension/", ending.extension, name="extension"),
    path("rx/<int:pk>/expiry/", ending.expiry, name="expiry"),
    path("returned/", sheet.returned, name="returned"),
    path("encounter/<int:encounter>/dossier/", dossier.dossier, name="dossier"),
    path("encounter/<int:encounter>/dossier/opening/", dossier.dossier_opening, name="dossier_opening"),
    path("encounter/<int:encounter>/dossier/review/", dossier.dossier_review, name="dossier_review"),
    path("encounter/<int:encounter>/dossier/ending/", dossier.dossier_ending, name="dossier_ending"),
    path("formalities/", formalities.formalities, name="formalities"),
    path("formalities/<int:pk>/end/", formalities.formality_end, name="formality_end"),
    path("rights/", rights.rights, name="rights"),
    path("rights/<int:staff>/", rights.right, name="right"),
]
