from django.urls import path

from .screens import births, desk, record

app_name = "chart"
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("<int:patient>/", record.record, name="record"),
    path("<int:patient>/encounter/<int:encounter>/", desk.encounter, name="encounter"),
    path("<int:patient>/encounter/<int:encounter>/opening/", desk.opening, name="opening"),
    path("<int:patient>/encounter/<int:encounter>/notes/", desk.notes, name="notes"),
    path("<int:patient>/encounter/<int:encounter>/observations/", desk.vitals, name="vitals"),
    path("<int:patient>/encounter/<int:encounter>/diagnoses/", desk.diagnoses, name="diagnoses"),
    path("<int:patient>/encounter/<int:encounter>/allergies/", desk.allergies, name="allergies"),
    path("<int:patient>/encounter/<int:encounter>/transfer/", desk.transfer, name="transfer"),
    path("<int:patient>/encounter/<int:encounter>/closing/", desk.closing, name="closing"),
    path("<int:patient>/encounter/<int:encounter>/newborns/", births.newborns, name="newborns"),
    path("<int:patient>/encounter/<int:encounter>/print/", record.sheet, name="print"),
    path("<int:patient>/note/<int:note>/", record.note, name="note"),
    path("<int:patient>/note/<int:note>/amendment/", record.amendment, name="amendment"),
    path("<int:patient>/diagnosis/<int:diagnosis>/withdrawal/", record.withdrawal, name="withdrawal"),
]
