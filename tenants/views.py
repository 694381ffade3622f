"""Pages of the public host."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.models import Hospital


def landing(request: HttpRequest) -> HttpResponse:
    """The page at ``/``: what this is, and every door."""
    hospitals = []
    if settings.LANDING_LISTS_HOSPITALS:
        port = request.get_port()
        suffix = "" if port in ("80", "443") else f":{port}"
        hospitals = [
            {
                "name": hospital.name,
                "url": f"{request.scheme}://{hospital.subdomain}.{settings.BASE_DOMAIN}{suffix}/admin/",
            }
            for hospital in Hospital.objects.filter(is_active=True).order_by("name")[:20]
        ]
    return render(request, "landing.html", {"hospitals": hospitals})
