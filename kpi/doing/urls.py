"""Addresses of what people do about the figures."""

from django.urls import path

from kpi.doing import annotations, api

urlpatterns = [
    path("annotations/", annotations.every_annotation, name="annotations"),
    path("annotations/<int:pk>/", annotations.one_annotation, name="annotation"),
    path("annotations/<int:pk>/remove/", annotations.remove_annotation, name="annotation-remove"),
    path("api/v1/annotations", api.AnnotationsView.as_view(), name="api-annotations"),
    path("api/v1/annotations/<int:pk>", api.AnnotationView.as_view(), name="api-annotation"),
]
