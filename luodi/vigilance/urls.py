from django.urls import path

from .screens import candidates, reactions, recalls, telling, weighing

app_name = "vigilance"
urlpatterns = [
    path("reactions/", reactions.worklist, name="reactions"),
    path("patients/<int:patient>/reactions/new/", reactions.new, name="new"),
    path("reactions/<int:pk>/", reactions.reaction, name="reaction"),
    path("reactions/<int:pk>/form/", reactions.amending, name="amending"),
    path("reactions/<int:pk>/report/", reactions.reporting, name="reporting"),
    path("reactions/<int:pk>/withdrawal/", reactions.withdrawing, name="withdrawing"),
    path("reactions/<int:pk>/assessment/", weighing.assessing, name="assessing"),
    path("reactions/<int:pk>/allergy/", weighing.to_chart, name="to_chart"),
    path("reactions/<int:pk>/submission/", weighing.submitting, name="submitting"),
    path("reactions/<int:pk>/follow-up/", weighing.following, name="following"),
    path("reactions/<int:pk>/closing/", weighing.closing, name="closing"),
    path("reactions/<int:pk>/paper/", reactions.paper, name="paper"),
    path("reactions/<int:pk>/export/", reactions.export, name="export"),
    path("candidates/", candidates.candidates, name="candidates"),
    path("candidates/<str:trigger>/<int:source>/dismissal/", candidates.dismissing, name="dismissing"),
    path("groups/", candidates.grouping, name="grouping"),
    path("recalls/", recalls.worklist, name="recalls"),
    path("recalls/new/", recalls.new, name="recalling"),
    path("recalls/<int:pk>/", recalls.recall, name="recall"),
    path("recalls/<int:pk>/closing/", recalls.closing, name="recall_closing"),
    path("recalls/<int:pk>/paper/", recalls.paper, name="recall_paper"),
    path("recalls/<int:pk>/suppliers/<int:supplier>/letter.<str:form>", recalls.supplier_letter, name="letter"),
    path("recalls/<int:pk>/patients/<int:patient>/", telling.person, name="person"),
    path("recalls/<int:pk>/patients/<int:patient>/contact/", telling.contacting, name="contacting"),
    path("recalls/<int:pk>/patients/<int:patient>/phone/", telling.phone, name="phone"),
    path("recalls/<int:pk>/packages/<int:package>/<int:lot>/", telling.recovering, name="recovering"),
]
