"""Where people log in and out and look after their account. Before the admin's own addresses: nobody logs in there."""

from django.urls import path

from kpi.accounts import entering, pages

urlpatterns = [
    path("admin/login/", entering.admin_login),
    path("admin/logout/", entering.LogOut.as_view()),
    path("login/", entering.LogIn.as_view(), name="login"),
    path("login/code/", entering.code, name="login-code"),
    path("logout/", entering.LogOut.as_view(), name="logout"),
    path("account/", pages.account, name="account"),
    path("account/password/", pages.NewPassword.as_view(), name="password"),
    path("account/second-factor/", pages.second_factor, name="second-factor"),
]
