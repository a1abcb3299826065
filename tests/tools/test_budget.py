"""What pages cost is measured in runs of a calibration kernel, and only noticed."""

from book import budget


def status(**kernels):
    return {"pages": {name: {"kernels": cost} for name, cost in kernels.items()}}


def test_the_unit_is_small_and_does_not_change_what_it_counts():
    assert 0 < budget.calibrate(1) < 10
    assert budget.kernel() == budget.kernel()


def test_a_slower_machine_does_not_make_a_page_more_expensive():
    assert budget.in_kernels({"cpu": 30.0, "kernel": 0.12}) == budget.in_kernels({"cpu": 60.0, "kernel": 0.24}) == 250


def test_pages_over_their_budget_are_named():
    assert budget.notices(status(a=100, b=90)) == []
    (line,) = budget.notices(status(a=501.0, **dict.fromkeys("bcdefgh", 1.0)))
    assert line == "NOTICE: a costs 501 kernels, the budget of a page is 500"
    assert budget.notices(status(a=200, b=100)) == ["NOTICE: the pages cost 150 kernels on average, the goal is 110"]
