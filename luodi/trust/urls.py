"""Addresses of the trust room."""

from django.urls import path

from luodi.trust.screens import account, administration, evidence, login

app_name = "trust"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("second-factor/", login.second_factor, name="second_factor"),
    path("post/", login.post, name="post"),
    path("account/", account.account, name="account"),
    path("account/sessions/end/", account.end_sessions, name="end_sessions"),
    path("account/password/", account.password, name="password"),
    path("account/second-factor/", account.enrol, name="enrol"),
    path("account/reauthentication/", account.reauthenticate, name="reauthenticate"),
    path("patients/<int:patient>/break-glass/", account.break_glass, name="break_glass"),
    path("staff/", administration.staff, name="staff"),
    path("staff/<int:pk>/", administration.person, name="person"),
    path("staff/<int:pk>/password/", administration.reset, name="reset"),
    path("staff/<int:pk>/leaving/", administration.leave, name="leave"),
    path("holdings/<int:holding>/end/", administration.unassign, name="unassign"),
    path("posts/", administration.posts, name="posts"),
    path("posts/new/", administration.new_post, name="new_post"),
    path("posts/<slug:code>/", administration.grants, name="grants"),
    path("policy/", administration.policies, name="policy"),
    path("policy/<slug:key>/", administration.set_policy, name="set_policy"),
    path("system/", administration.system, name="system"),
    path("system/keys/<slug:purpose>/rotation/", administration.rotate, name="rotate"),
    path("audit/", evidence.audit, name="audit"),
    path("reviews/", evidence.reviews, name="reviews"),
    path("reviews/<int:pk>/", evidence.review, name="review"),
    path("watched/", evidence.watched, name="watched"),
    path("watched/<int:pk>/", evidence.watched_review, name="watched_review"),
    path("ledger/", evidence.book, name="ledger"),
]
