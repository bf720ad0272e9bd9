"""Addresses of the books: accounts and issues by number."""

from django.urls import path

from luodi.controlled.screens import books, empties, printing

app_name = "controlled"
urlpatterns = [
    path("", books.overview, name="books"),
    path("receiving/", books.receiving, name="receiving"),
    path("reconcile/", books.reconciling, name="reconcile"),
    path("accounts/<int:pk>/", books.account, name="account"),
    path("accounts/<int:pk>/resolve/", books.resolving, name="resolve"),
    path("accounts/<int:pk>/destroy/", empties.destroying, name="destroy"),
    path("accounts/<int:pk>/print/", printing.book, name="print_book"),
    path("empties/", empties.owed, name="owed"),
    path("empties/<int:pk>/", empties.returning, name="returning"),
    path("residues/", empties.residues, name="residues"),
    path("residues/<int:issue>/", empties.residue, name="residue"),
    path("residues/<int:issue>/<int:task>/", empties.residue, name="residue_of_dose"),
    path("register/", printing.register, name="register"),
]
