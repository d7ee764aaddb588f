"""Which page is where."""

from django.urls import path

from shop import views

urlpatterns = [
    path("", views.catalogue),
    path("account/<int:number>/", views.account),
    path("best-sellers/", views.best_sellers),
]
