"""How django-allauth behaves on this site."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by staff in the admin; nobody can make one for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: the sign-up page says that accounts are made by staff."""
        return False
