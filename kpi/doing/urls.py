"""Addresses of what people do about the figures."""

from django.urls import path

from kpi.doing import actions, annotations, api, initiatives, saved, targets

urlpatterns = [
    path("annotations/", annotations.every_annotation, name="annotations"),
    path("annotations/<int:pk>/", annotations.one_annotation, name="annotation"),
    path("annotations/<int:pk>/remove/", annotations.remove_annotation, name="annotation-remove"),
    path("targets/", targets.every_target, name="targets"),
    path("initiatives/", initiatives.every_initiative, name="initiatives"),
    path("initiatives/<int:pk>/", initiatives.one_initiative, name="initiative"),
    path("initiatives/<int:pk>/close/", initiatives.close_limits, name="initiative-close"),
    path("actions/", actions.every_action, name="actions"),
    path("actions/<int:pk>/", actions.one_action, name="action"),
    path("views/", saved.every_view, name="views"),
    path("views/new/", saved.new_view, name="view-new"),
    path("views/<int:pk>/", saved.one_view, name="view"),
    path("views/<int:pk>/open/", saved.open_view, name="view-open"),
    path("views/<int:pk>/remove/", saved.remove_view, name="view-remove"),
    path("start/", saved.start, name="start"),
    path("api/v1/annotations", api.AnnotationsView.as_view(), name="api-annotations"),
    path("api/v1/annotations/<int:pk>", api.AnnotationView.as_view(), name="api-annotation"),
]
