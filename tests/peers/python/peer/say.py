"""Facts and messages in words, German and English."""

from collections.abc import Callable
from datetime import date

from .facts import Fact, Finding

Name = Callable[[str], str]

_MESSAGES = {
    "not_permitted": (
        "Zu dieser Kundin oder diesem Kunden kann ich nichts zeigen: unbekannt oder nicht in Ihrem Bereich.",
        "There is nothing that I can show about this customer: unknown, or not within your regions.",
    ),
    "withheld": ("Das darf Ihre Rolle nicht einsehen.", "Your role may not see this."),
    "payment_withheld": ("Die Zahlung dazu darf Ihre Rolle nicht einsehen.", "Your role may not see the payment for it."),
    "returns_withheld": (
        "Ob davon etwas zurückgeschickt wurde, darf Ihre Rolle nicht einsehen.",
        "Your role may not see whether something of it was sent back.",
    ),
    "no_order": ("{} gehört zu keiner Bestellung dieser Kundin oder dieses Kunden.", "{} belongs to no order of this customer."),
    "not_in_order": ("Das genannte Produkt ist nicht in der Bestellung {}.", "The product that is named is not in the order {}."),
    "no_such_order": ("Dazu gibt es hier keine Bestellung.", "This customer has no order of that kind."),
    "no_policy": ("Für diese Bestellung ist keine Regelung hinterlegt.", "No policy is known for this order."),
    "which_order": ("Welche Bestellung ist gemeint: {}?", "Which order is meant: {}?"),
}

_STATES = {
    "awaiting_payment": ("wartet auf Zahlung", "waits for payment"),
    "paid": ("bezahlt, noch nicht versandt", "paid, not shipped yet"),
    "partially_shipped": ("teilweise versandt", "partially shipped"),
    "shipped": ("versandt", "shipped"),
    "delivered": ("zugestellt", "delivered"),
    "cancelled": ("storniert", "cancelled"),
    "returned": ("zurückgegeben", "returned"),
    "announced": ("angekündigt", "announced"),
    "in_transit": ("unterwegs", "in transit"),
    "delayed": ("verspätet", "delayed"),
    "out_for_delivery": ("in Zustellung", "out for delivery"),
    "failed": ("fehlgeschlagen", "failed"),
    "lost": ("verloren", "lost"),
    "returned_to_sender": ("zurück an den Absender", "returned to sender"),
    "pending": ("steht aus", "is pending"),
    "requested": ("angemeldet", "requested"),
    "label_sent": ("Etikett verschickt", "label sent"),
    "received": ("eingegangen", "received"),
    "refunded": ("erstattet", "refunded"),
    "replaced": ("ersetzt", "replaced"),
    "rejected": ("abgelehnt", "rejected"),
}


def message(text: str, english: bool) -> str:
    """A message with its details in words."""
    name, _, detail = text.partition(":")
    return _MESSAGES[name][english].format(detail)


def finding(found: Finding, english: bool, name: Name) -> str:
    """All that was found, a sentence for each fact."""
    told = [sentence for fact in found.facts if (sentence := _fact(fact, english, name))]
    return "\n".join([*told, *(message(text, english) for text in found.messages)])


def _day(text: str | None, english: bool) -> str:
    if text is None:
        return "–"
    day = date.fromisoformat(str(text)[:10])
    return f"{day.day} {day:%B %Y}" if english else f"{day:%d.%m.%Y}"


def _money(amount: str, currency: str, english: bool) -> str:
    return f"{currency} {amount}" if english else f"{amount.replace('.', ',')} {currency}"


def _fact(fact: Fact, english: bool, name: Name) -> str | None:
    say = _SENTENCES.get(fact["kind"])
    return say(fact, english, name) if say else None


def _order(fact: Fact, english: bool, _name: Name) -> str:
    return f"{'Order' if english else 'Bestellung'} {fact['order_id']}: {_STATES[fact['status']][english]}."


def _shipment(fact: Fact, english: bool, _name: Name) -> str:
    text = f"{'Parcel' if english else 'Paket'} {fact['shipment_id']}, {fact['carrier']} {fact['tracking_number'] or ''}: "
    text += _STATES[fact["status"]][english]
    if fact["last_event"]:
        text += f"; {fact['last_event']} ({_day(fact['last_event_at'], english)})"
    if fact["expected_on"] and fact["status"] not in ("delivered", "lost", "returned_to_sender"):
        text += f"; {'expected on' if english else 'erwartet am'} {_day(fact['expected_on'], english)}"
    return text + "."


def _payment(fact: Fact, english: bool, _name: Name) -> str:
    amount = _money(fact["amount"], fact["currency"], english)
    return f"{'Payment of' if english else 'Zahlung über'} {amount} ({fact['method']}): {_STATES[fact['status']][english]}."


def _return_window(fact: Fact, english: bool, name: Name) -> str:
    thing, days, until = name(fact["product_id"]), fact["days"], _day(fact["deadline"], english)
    if fact["excluded"]:
        return f"{thing} {'is excluded from returns' if english else 'ist von der Rückgabe ausgeschlossen'}."
    if fact["deadline"] is None:
        return f"{thing}: {days} {'days from delivery' if english else 'Tage ab Zustellung'}."
    if fact["open"]:
        return f"{thing} can go back until {until}." if english else f"{thing} kann bis {until} zurück."
    return f"{thing}: the return period ended on {until}." if english else f"{thing}: Die Rückgabefrist ist am {until} abgelaufen."


def _return(fact: Fact, english: bool, name: Name) -> str:
    amount = _money(fact["refund_amount"], fact["currency"], english)
    begin = f"{'Return' if english else 'Rücksendung'} {fact['return_id']} ({name(fact['product_id'])}): "
    return f"{begin}{_STATES[fact['status']][english]}; {amount} {_day(fact['refunded_on'], english)}."


def _price(fact: Fact, english: bool, name: Name) -> str:
    amount, stock = _money(fact["amount"], fact["currency"], english), fact["stock"]
    pieces = "" if stock is None else f"; {stock} {'in stock' if english else 'Stück auf Lager'}"
    return f"{name(fact['product_id'])}: {amount} ({fact['region']}){pieces}."


def _discontinued(fact: Fact, english: bool, name: Name) -> str:
    text = f"{name(fact['product_id'])} {'is no longer sold' if english else 'wird nicht mehr verkauft'}"
    heir = f"; {'successor' if english else 'Nachfolger'}: {name(fact['successor'])}" if fact["successor"] else ""
    return f"{text}{heir}."


def _not_sold(fact: Fact, english: bool, name: Name) -> str:
    where = f"is not sold in {fact['region']}" if english else f"wird in der Region {fact['region']} nicht verkauft"
    return f"{name(fact['product_id'])} {where}."


def _warranty(fact: Fact, english: bool, name: Name) -> str:
    thing, end = name(fact["product_id"]), _day(fact["ends_on"], english)
    if fact["active"]:
        return f"{thing}: {'under warranty until' if english else 'Garantie bis'} {end} ({fact['months']})."
    return f"{thing}: the warranty ended on {end}." if english else f"{thing}: Die Garantie ist am {end} abgelaufen."


def _serial_invalid(fact: Fact, english: bool, _name: Name) -> str:
    reason = "cannot be right: its check digit does not fit" if english else "kann nicht stimmen: Ihre Prüfziffer passt nicht"
    return f"{fact['serial']} {reason}."


def _serial_unknown(fact: Fact, english: bool, _name: Name) -> str:
    return f"{fact['serial']} {'is not known with this customer' if english else 'ist hier nicht bekannt'}."


def _attribute(fact: Fact, _english: bool, name: Name) -> str:
    return f"{name(fact['product_id'])}: {fact['key']} {fact['text']}."


def _comparison(fact: Fact, english: bool, name: Name) -> str:
    unit, missing = fact["unit"], "not stated" if english else "keine Angabe"
    values = [f"{name(value['product_id'])}: {value['value'] or missing} {unit}".strip() for value in fact["values"]]
    best = f"; {name(fact['best'])}" if fact["best"] else ""
    return f"{fact['attribute']} – {'; '.join(values)}{best}."


_SENTENCES = {
    "order": _order,
    "shipment": _shipment,
    "payment": _payment,
    "return_window": _return_window,
    "return": _return,
    "price": _price,
    "discontinued": _discontinued,
    "not_sold": _not_sold,
    "warranty": _warranty,
    "serial_invalid": _serial_invalid,
    "serial_unknown": _serial_unknown,
    "attribute": _attribute,
    "comparison": _comparison,
}
