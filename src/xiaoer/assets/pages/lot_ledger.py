"""The ledger of a lot, published when it is closed: anybody downloads it and checks it alone."""

from collections.abc import Iterator
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xiaoer.assets.pages.auction_public import anybody
from xiaoer.assets.queries import after_sale as queries
from xiaoer.assets.queries import shown_lots
from xiaoer.assets.words import sales as words
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor

TEXT = "text/plain; charset=utf-8"
# Beside this package in an installation, among the tools of a working copy.
VERIFIERS = (
    Path(__file__).resolve().parents[1] / "verify_auction.py",
    Path(__file__).resolve().parents[4] / "tools" / "verify_auction.py",
)


@require_GET
def lot_ledger(request: HttpRequest, sold_lot_id: int) -> HttpResponseBase:
    """The file, byte for byte as it was hashed; some thousand lines at a time."""
    first = queries.published_lines(lot_id=sold_lot_id, after=0)
    if not first:
        raise Http404
    response = StreamingHttpResponse(_lines(sold_lot_id, first), content_type=TEXT)
    response["Content-Disposition"] = f'attachment; filename="ledger-{sold_lot_id}.txt"'
    response["Cache-Control"] = "public, max-age=60"
    return response


def _lines(lot_id: int, some: list[tuple[int, str, str]]) -> Iterator[str]:
    while some:
        yield "".join(f"{text}\t{sum_}\n" for _seq, text, sum_ in some)
        some = queries.published_lines(lot_id=lot_id, after=some[-1][0])


@require_GET
def auction_verifier(request: HttpRequest) -> HttpResponse:
    """The program that checks a ledger: one file, nothing to install but Python."""
    path = next(path for path in VERIFIERS if path.exists())
    response = HttpResponse(path.read_bytes(), content_type=TEXT)
    response["Content-Disposition"] = 'attachment; filename="verify_auction.py"'
    return response


@require_GET
@anybody
def lot_check(request: HttpRequest, by: Actor, zone_code: str, shown_lot_id: int) -> HttpResponse:
    """How to check a ledger, with the last hash to compare."""
    one = found(shown_lots.shown_lot(by=by, lot_id=shown_lot_id))
    context = {
        "zone_code": zone_code,
        "zone_name": by.name,
        "lot": one.lot,
        "seal": queries.published_seal(one.hall),
        "words": words,
    }
    return render(request, "assets/lot_check.html", context)
