"""Where everything is mounted. Apps are named by string: the site knows none of them."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated

admin.site.site_header = admin.site.site_title = "Counterweight"
admin.site.index_title = "Counterweight"

urlpatterns = [
    path("", include("kpi.accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]), name="schema"),
    path("api/docs/", login_required(SpectacularSwaggerSplitView.as_view(permission_classes=[IsAuthenticated])), name="api-docs"),
    path("", include("kpi.api")),
    path("", include("kpi.doing.urls")),
    path("", include("kpi.intake.api")),
    path("", include("kpi.intake.urls")),
    path("", include("staffing.urls")),
    path("", include("wellbeing.urls")),
    path("", include("kpi.urls")),
]

handler400 = "kpi.errors.bad_request"
handler403 = "kpi.errors.permission_denied"
handler404 = "kpi.errors.page_not_found"
handler500 = "kpi.errors.server_error"
