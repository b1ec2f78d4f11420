"""The field in which staff give a day."""

from django import forms


class DayInput(forms.DateInput):
    """The browser's own field for a day, which takes no other for what it cannot read."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
