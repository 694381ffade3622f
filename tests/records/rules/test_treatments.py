import pytest

from records.rules.treatments import TreatmentStatus, allowed, may_move

ACTIVE, COMPLETED, DISCONTINUED = TreatmentStatus


@pytest.mark.parametrize(
    ("current", "possible"),
    [(ACTIVE, ["COMPLETED", "DISCONTINUED"]), (COMPLETED, []), (DISCONTINUED, ["ACTIVE"])],
)
def test_the_whole_table_of_moves(current, possible):
    assert allowed(current) == possible
    assert [target.value for target in TreatmentStatus if may_move(current, target)] == possible
