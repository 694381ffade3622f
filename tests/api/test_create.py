from tests.support.catalogue import coming_day


def test_a_guest_books_a_free_slot(rest, check_up):
    day = coming_day().isoformat()
    answer = rest.post(
        "/create",
        {
            "event_type_id": check_up.pk, "date": day, "time": "09:00",
            "guest_name": "Malee Srisuk", "guest_phone": "081-234-5678",
        },
    )  # fmt: skip

    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["start"] == f"{day}T09:00:00+07:00"
    assert body["guest_phone"] == "+66812345678"
    assert body["status"] == "SCHEDULED"
