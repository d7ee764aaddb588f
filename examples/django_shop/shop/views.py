"""The shop's pages."""

from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from shop.models import Article, Customer, Line


def catalogue(request: HttpRequest) -> HttpResponse:
    """All articles, or those with a word in their name."""
    articles = Article.objects.filter(name__icontains=request.GET.get("word", ""))
    return render(request, "shop/catalogue.html", {"articles": articles})


def account(request: HttpRequest, number: int) -> HttpResponse:
    """A customer's orders with all their lines."""
    customer = get_object_or_404(Customer, pk=number)
    statement = customer.statement()
    spent = sum(total for _, total in statement)
    context = {"customer": customer, "statement": statement, "spent": spent}
    return render(request, "shop/account.html", context)


def best_sellers(request: HttpRequest) -> JsonResponse:
    """What brought most, as JSON."""
    return JsonResponse({"articles": list(turnovers()[:10])})


def turnovers() -> "QuerySet[Line, dict[str, object]]":
    lines = Line.objects.values(name=F("article__name"))
    return lines.annotate(turnover=Sum(F("pieces") * F("article__price"))).order_by("-turnover")
