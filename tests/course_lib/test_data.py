"""The data sets: shapes, ranges, classes, and splits that lose no row."""

import pytest
import torch
from torch.testing import assert_close

from course_lib.data import Labelled, china, digits, mnist_5k, shuffled_split, to_grey


def numbered(n):
    return Labelled(torch.arange(2 * n).reshape(n, 2).double(), torch.arange(n))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_digits(dtype):
    data = digits(dtype)

    assert data.X.shape == (1797, 64)
    assert data.X.dtype == dtype
    assert (data.X.min().item(), data.X.max().item()) == (0, 1)
    assert data.y.unique().tolist() == list(range(10))


def test_mnist_5k():
    data = mnist_5k()

    assert data.X.shape == (5000, 784)
    assert (data.X.min().item(), data.X.max().item()) == (0, 1)
    assert data.y.bincount().tolist() == [500] * 10


def test_china_and_its_brightness():
    image = china(torch.float32)
    grey = to_grey(image)

    assert image.shape == (427, 640, 3)
    assert image.dtype == grey.dtype == torch.float32
    assert grey.shape == (427, 640)
    assert 0 <= grey.min() < grey.max() <= 1 + 1e-6


def test_brightness_by_hand():
    primaries = torch.eye(3).double()[None]  # red, green, blue

    assert_close(to_grey(primaries), torch.tensor([[0.299, 0.587, 0.114]]).double())
    assert to_grey(torch.ones(1, 1, 3)).item() == pytest.approx(1)


@pytest.mark.parametrize(("n", "share", "n_test"), [(10, 0.3, 3), (7, 0.5, 4), (1797, 0.2, 359)])
def test_a_split_has_every_row_once_with_its_label(n, share, n_test):
    train, test = shuffled_split(numbered(n), share, torch.Generator().manual_seed(0))

    assert (len(train), len(test)) == (n - n_test, n_test)
    assert sorted(train.y.tolist() + test.y.tolist()) == list(range(n))
    for part in (train, test):
        assert torch.equal(part.X[:, 0], 2.0 * part.y)


def test_a_split_is_shuffled_and_the_same_for_the_same_generator():
    first, again, other = (
        shuffled_split(numbered(50), 0.2, torch.Generator().manual_seed(seed))[0].y.tolist()
        for seed in (1, 1, 2)
    )

    assert first == again
    assert first not in (other, sorted(first))


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match="test_share must be between 0 and 1, got"):
        shuffled_split(numbered(5), share, torch.Generator())


def test_an_empty_part_is_refused():
    with pytest.raises(ValueError, match=r"a share of 0\.01 of 5 rows leaves a part empty"):
        shuffled_split(numbered(5), 0.01, torch.Generator())


@pytest.mark.cuda
def test_rows_move_to_a_device_and_are_split_there():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    data = numbered(10).to("cuda")
    train, test = shuffled_split(data, 0.3, torch.Generator().manual_seed(0))

    assert train.X.is_cuda
    assert test.y.is_cuda
    on_cpu = shuffled_split(numbered(10), 0.3, torch.Generator().manual_seed(0))[1]
    assert torch.equal(test.y.cpu(), on_cpu.y)
