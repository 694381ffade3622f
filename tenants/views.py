"""Pages of the public host."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render

from core.thai_order import in_thai_order
from tenants.models import Hospital


def landing(request: HttpRequest) -> HttpResponse:
    """The page at ``/``: what this is, and every door."""
    hospitals = []
    if settings.LANDING_LISTS_HOSPITALS:
        # The port that the browser used, not the one behind a proxy.
        port = split_domain_port(request.get_host())[1]
        suffix = f":{port}" if port else ""
        hospitals = [
            {
                "name": hospital.name,
                "url": f"{request.scheme}://{hospital.subdomain}.{settings.BASE_DOMAIN}{suffix}/admin/",
            }
            for hospital in Hospital.objects.filter(is_active=True).order_by(in_thai_order("name"))[:20]
        ]
    return render(request, "landing.html", {"hospitals": hospitals})
