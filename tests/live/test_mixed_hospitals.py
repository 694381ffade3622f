from tests.live.crowd import at_once


def test_400_requests_at_once_for_two_hospitals_each_reach_the_right_schema(platform):
    doors = {name: platform.door(name) for name in ("ploy", "rama")}
    names = [("ploy", "rama")[number % 2] for number in range(400)]
    crowd = _Both(doors)

    answers = at_once(crowd, [lambda name=name: doors[name].call("GET", "/event-types") for name in names])

    assert {answer.status for answer in answers} == {200}
    for name, answer in zip(names, answers, strict=True):
        doctors = {one["name"] for service in answer.body["results"] for one in service["providers"]}
        assert doctors == {f"Dr {name} {number}" for number in range(3)}


class _Both:
    """Opens and closes a thread's connection to either hospital."""

    def __init__(self, doors):
        self.doors = doors

    def connect(self):
        for door in self.doors.values():
            door.connect()

    def close(self):
        for door in self.doors.values():
            door.close()


def test_a_key_of_one_hospital_finds_nothing_at_the_other(platform):
    stranger = platform.door("rama", key_of="ploy")

    [answer] = at_once(stranger, [lambda: stranger.call("GET", "/event-types")])

    assert answer.status == 404
    assert answer.body["error"]["code"] == "RESOURCE_NOT_FOUND"
