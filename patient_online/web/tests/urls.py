"""Addresses for this app's tests: its own pages, and views that go wrong in every way."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import include, path
from django.utils.datastructures import MultiValueDict

from patient_online.web.audiences import public_page
from patient_online.web.fields import DateField3, IdempotencyKeyField, TelephoneField
from patient_online.web.page import posted, render

CHOICES = (("morning", "Morning"), ("afternoon", "Afternoon"))


class EveryField(forms.Form):
    """One field of every kind."""

    key = IdempotencyKeyField()
    name = forms.CharField(label="Full name", help_text="As on your passport", required=True)
    email = forms.EmailField(label="E-mail address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    telephone = TelephoneField(label="Telephone number")
    seats = forms.IntegerField(label="How many people")
    reason = forms.CharField(label="Reason", max_length=150, widget=forms.Textarea)
    notes = forms.CharField(label="Notes", widget=forms.Textarea, required=False)
    time_of_day = forms.ChoiceField(label="Time of day", choices=CHOICES, widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(label="What you need", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField(label="I agree")
    place = forms.ChoiceField(label="Place", choices=(("", "Any place"), *CHOICES))
    born = DateField3(label="Date of birth", noun="your date of birth", years=range(1900, 2100))


@public_page
def every_field(request: HttpRequest) -> HttpResponse:
    """A page with every field."""
    form = EveryField(posted(request))
    return render(request, "web/form_page.jinja", {"title": "Every field", "form": form, "back": "/"})


@public_page
def breaks(request: HttpRequest, text: str) -> HttpResponse:
    """A view whose fault quotes what was typed."""
    raise ValueError(f"Could not read {text} of {request.GET.urlencode()}")


@public_page
def forbidden(request: HttpRequest) -> HttpResponse:
    """A page that is for nobody."""
    raise PermissionDenied


@public_page
def wordless(request: HttpRequest) -> HttpResponse:
    """A view that says no without a word."""
    return HttpResponseNotAllowed(["POST"])


@public_page
def reads_post(request: HttpRequest) -> HttpResponse:
    """A view that reads what was sent."""
    assert isinstance(request.POST, MultiValueDict)
    return HttpResponse("read")


urlpatterns = [
    path("", include("patient_online.web.urls")),
    path("sign-in", every_field, name="account_login"),
    path("sign-out", every_field, name="account_logout"),
    path("account", every_field, name="account"),
    path("every-field", every_field, name="every-field"),
    path("breaks/<str:text>", breaks, name="breaks"),
    path("forbidden", forbidden, name="forbidden"),
    path("wordless", wordless, name="wordless"),
    path("reads-post", reads_post, name="reads-post"),
]

handler400 = "patient_online.web.views.bad_request"
handler403 = "patient_online.web.views.permission_denied"
handler404 = "patient_online.web.views.page_not_found"
handler500 = "patient_online.web.views.server_error"
