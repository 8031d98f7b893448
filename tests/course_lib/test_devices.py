"""Devices: the best one there is, and the precision that suits it."""

import pytest
import torch

from course_lib.devices import best_device, to_device, working_dtype


def test_the_best_device_is_one_that_works():
    x = torch.ones(2, device=best_device())

    assert x.sum().item() == 2
    assert best_device().type == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize(("device", "dtype"), [("cpu", torch.float64), ("cuda", torch.float32)])
def test_double_precision_where_it_is_fast(device, dtype):
    assert working_dtype(device) == dtype
    assert working_dtype(torch.device(device)) == dtype


def test_what_is_there_already_is_not_copied():
    x, y = torch.ones(2), torch.ones(3)

    moved = to_device((x, y), "cpu")

    assert moved[0] is x
    assert moved[1] is y


@pytest.mark.cuda
def test_tensors_move_to_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    assert all(t.is_cuda for t in to_device((torch.ones(2), torch.ones(3)), "cuda"))
