"""The pages of the built-in survey: /pulse/ for whoever answers, /waves/ for whoever opens a wave or reads how it goes."""

from django.urls import path

from wellbeing.views import answering, waves

urlpatterns = [
    path("pulse/", answering.pulse, name="pulse"),
    path("pulse/thanks/", answering.thanks, name="pulse-thanks"),
    path("waves/", waves.index, name="waves"),
    path("waves/open/", waves.open_one, name="wave-open"),
    path("waves/<int:pk>/", waves.one, name="wave"),
    path("waves/<int:pk>/extend/", waves.extend, name="wave-extend"),
    path("waves/<int:pk>/end/", waves.end, name="wave-end"),
    path("waves/<int:pk>/<int:asked>/<slug:kind>/", waves.hand_out, name="wave-codes"),
]
