"""Addresses below /teachers/own/, which stay as they are whatever staff do with the directory.

Links in mails lead here, and they cannot be called back.
"""

from django.urls import path

from teachers import contact_views, own_entry_views, renewal_views

urlpatterns = [
    path("", own_entry_views.ask, name="teachers_own"),
    path("asked/", own_entry_views.asked, name="teachers_asked"),
    path("edit/<str:token>/", own_entry_views.edit, name="teachers_edit"),
    path("address/<str:token>/", own_entry_views.confirm_address, name="teachers_address"),
    path("renew/<str:token>/", renewal_views.renew_page, name="teachers_renew"),
    path("reminders/<str:token>/", renewal_views.reminders_page, name="teachers_reminders"),
    path("sent/<slug:slug>/", contact_views.sent, name="teachers_sent"),
]
