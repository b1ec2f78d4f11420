"""Addresses under /account/: signing in and everything around it."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("welcome/", views.welcome, name="account_welcome"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
