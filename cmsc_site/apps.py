from django.apps import AppConfig


class CmscSiteConfig(AppConfig):
    name = "cmsc_site"
