"""Addresses below /newsletter/ that stay as they are, whatever staff do with the page itself.

Forms on cached pages and links in mails lead here, and neither can be called back.
"""

from django.urls import path

from newsletter import member_views, sign_up_views

urlpatterns = [
    path("subscribe/", sign_up_views.subscribe, name="newsletter_subscribe"),
    path("check-your-inbox/", sign_up_views.check_your_inbox, name="newsletter_inbox"),
    path("challenge/", sign_up_views.challenge, name="newsletter_challenge"),
    path("confirm/<str:token>/", member_views.confirm_page, name="newsletter_confirm"),
    path("unsubscribe/<str:token>/", member_views.leave_page, name="newsletter_leave"),
    path("rejoin/<str:token>/", member_views.rejoin_page, name="newsletter_rejoin"),
    path("preferences/<str:token>/", member_views.preferences, name="newsletter_preferences"),
]
